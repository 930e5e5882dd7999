using System.Text.Json;
using Hotplug.Inference.Tokenization;
using Hotplug.Server.Answers;
using Hotplug.Server.Http;

namespace Hotplug.Server.OpenAI.Embeddings;

/// <summary>The body of <c>POST /v1/embeddings</c>.</summary>
internal sealed record EmbeddingRequest
{
    public string? Model { get; init; }
    public JsonElement? Input { get; init; }
    public string? EncodingFormat { get; init; }
    public int? Dimensions { get; init; }

    /// <summary>Whether vectors are given as the bytes of their floats, in Base64.</summary>
    internal bool IsBase64 => EncodingFormat switch
    {
        null or "float" => false,
        "base64" => true,
        _ => throw ApiException.Invalid($"'{EncodingFormat}' is no format of vectors; there are float and base64.", "encoding_format"),
    };

    /// <summary>The tokens of each text.</summary>
    public IReadOnlyList<int[]> Texts(Tokenizer tokenizer)
    {
        var input = Input ?? default;
        var one = input.ValueKind == JsonValueKind.String || (input.ValueKind == JsonValueKind.Array && input.GetArrayLength() > 0 && input[0].ValueKind == JsonValueKind.Number);
        if (!one && (input.ValueKind != JsonValueKind.Array || input.GetArrayLength() == 0)) throw ApiException.Invalid("input is missing, or neither a text nor a list of texts.", "input");
        if (!one && input.GetArrayLength() > TextEmbedding.MaxTexts) throw ApiException.Invalid($"input has {input.GetArrayLength()} texts; at most {TextEmbedding.MaxTexts} are taken in a request.", "input");
        return one ? [Tokens(input)] : [.. input.EnumerateArray().Select(Tokens)];

        int[] Tokens(JsonElement text) => text.ValueKind switch
        {
            JsonValueKind.String => tokenizer.Encode(text.GetString(), addSpecial: true),
            JsonValueKind.Array => TokenList.Read(text, tokenizer, "input"),
            _ => throw ApiException.Invalid("input has something that is neither a text nor a list of tokens.", "input"),
        };
    }
}
