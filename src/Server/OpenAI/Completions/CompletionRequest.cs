using System.Text.Json;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Tokenization;
using Hotplug.Server.Http;

namespace Hotplug.Server.OpenAI.Completions;

/// <summary>The body of <c>POST /v1/completions</c>.</summary>
internal sealed record CompletionRequest : GenerationRequest
{
    /// <summary>OpenAI's, where nothing is said.</summary>
    private const int DefaultTokens = 16;

    public JsonElement? Prompt { get; init; }
    public int? Logprobs { get; init; }
    public int? BestOf { get; init; }
    public bool? Echo { get; init; }
    public string? Suffix { get; init; }

    /// <summary>How it is generated.</summary>
    public GenerationOptions ToOptions()
    {
        if (BestOf is not (null or 1)) throw ApiException.Invalid("best_of is not supported; leave it out.", "best_of");
        if (Echo is true) throw ApiException.Invalid("echo is not supported; leave it out, and put the prompt before the answer.", "echo");
        if (!string.IsNullOrEmpty(Suffix)) throw ApiException.Invalid("suffix is not supported; leave it out.", "suffix");
        if (Logprobs is < 0 or > GenerationOptions.MaxLogprobs) throw ApiException.Invalid($"logprobs is {Logprobs}; ask for 0 to {GenerationOptions.MaxLogprobs}.", "logprobs");
        return Options(MaxTokens ?? DefaultTokens, Logprobs);
    }

    /// <summary>The tokens of the prompt: of a text, or as they are.</summary>
    public int[] Tokens(Tokenizer tokenizer)
    {
        var prompt = Prompt ?? default;
        // Clients wrap one prompt in a list.
        if (prompt.ValueKind == JsonValueKind.Array && prompt.GetArrayLength() > 0 && prompt[0].ValueKind is JsonValueKind.String or JsonValueKind.Array)
            prompt = prompt.GetArrayLength() == 1 ? prompt[0] : throw ApiException.Invalid($"prompt has {prompt.GetArrayLength()} prompts, and this server takes one per request. Send a request for each; they are answered together.", "prompt");
        var tokens = prompt.ValueKind switch
        {
            JsonValueKind.String => tokenizer.Encode(prompt.GetString(), addSpecial: true),
            JsonValueKind.Array => TokenList.Read(prompt, tokenizer, "prompt"),
            _ => throw ApiException.Invalid("prompt is missing, or neither a text nor a list of tokens.", "prompt"),
        };
        return tokens.Length > 0 ? tokens : throw ApiException.Invalid("prompt is empty, and this model has no token that begins a text.", "prompt");
    }
}
