using System.Text.Json;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Tokenization;
using Hotplug.Server.Answers;
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
        if (BestOf is { } best && best != Answers) throw ApiException.Unsupported("best_of", "all texts that are written are given. Ask for them with n, and choose by logprobs.");
        if (!string.IsNullOrEmpty(Suffix)) throw ApiException.Unsupported("suffix", "the models go on from what stands before. Write the marks of a model that fills in into the prompt.");
        if (Echo is true && Logprobs is not null) throw ApiException.Unsupported("echo with logprobs", "the probabilities of a prompt are not known. Leave one of them out.");
        if (Logprobs is < 0 or > GenerationOptions.MaxLogprobs) throw ApiException.Invalid($"logprobs is {Logprobs}; ask for 0 to {GenerationOptions.MaxLogprobs}.", "logprobs");
        return Options(MaxTokens ?? DefaultTokens, Logprobs);
    }

    /// <summary>The prompts; the answers to the first come first.</summary>
    public IReadOnlyList<CompletionPrompt> Prompts(Tokenizer tokenizer)
    {
        var prompt = Prompt ?? default;
        IReadOnlyList<CompletionPrompt> prompts = prompt.ValueKind == JsonValueKind.Array && prompt.GetArrayLength() > 0 && prompt[0].ValueKind is JsonValueKind.String or JsonValueKind.Array
            ? [.. prompt.EnumerateArray().Select(each => CompletionPrompt.Read(each, tokenizer))]
            : [CompletionPrompt.Read(prompt, tokenizer)];
        if (prompts.Count * Answers > TextWriting.MaxTexts) throw ApiException.Invalid($"{prompts.Count} prompts with {Answers} answers each are more than {TextWriting.MaxTexts} texts. Send them in several requests.", "prompt");
        return prompts;
    }
}
