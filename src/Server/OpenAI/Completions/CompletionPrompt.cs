using System.Text.Json;
using Hotplug.Inference.Tokenization;
using Hotplug.Server.Http;

namespace Hotplug.Server.OpenAI.Completions;

/// <summary>A prompt.</summary>
/// <param name="Tokens">Its tokens: of a text, or as they are.</param>
/// <param name="Given">The text, if it was one.</param>
internal sealed record CompletionPrompt(int[] Tokens, string? Given)
{
    /// <summary>Reads a text, or a list of tokens.</summary>
    public static CompletionPrompt Read(JsonElement prompt, Tokenizer tokenizer)
    {
        var text = prompt.ValueKind == JsonValueKind.String ? prompt.GetString() : null;
        var tokens = prompt.ValueKind switch
        {
            JsonValueKind.String => tokenizer.Encode(text, addSpecial: true),
            JsonValueKind.Array => TokenList.Read(prompt, tokenizer, "prompt"),
            _ => throw ApiException.Invalid("prompt is missing, or neither a text nor a list of tokens, nor a list of these.", "prompt"),
        };
        return tokens.Length > 0 ? new(tokens, text) : throw ApiException.Invalid("prompt is empty, and this model has no token that begins a text.", "prompt");
    }

    /// <summary>What it says.</summary>
    public string Text(Tokenizer tokenizer) => Given ?? tokenizer.Decode(Tokens);
}
