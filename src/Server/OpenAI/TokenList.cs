using System.Text.Json;
using Hotplug.Inference.Tokenization;
using Hotplug.Server.Http;

namespace Hotplug.Server.OpenAI;

/// <summary>Reads lists of tokens.</summary>
internal static class TokenList
{
    /// <summary>The tokens of a list of numbers.</summary>
    /// <exception cref="ApiException">Something is no token of the model.</exception>
    public static int[] Read(JsonElement list, Tokenizer tokenizer, string parameter)
    {
        var tokens = new int[list.GetArrayLength()];
        for (var i = 0; i < tokens.Length; i++)
            if (list[i].ValueKind != JsonValueKind.Number || !list[i].TryGetInt32(out tokens[i]) || tokens[i] < 0 || tokens[i] >= tokenizer.VocabularySize)
                throw ApiException.Invalid($"{parameter} has {list[i].GetRawText()} where a token from 0 to {tokenizer.VocabularySize - 1} is expected.", parameter);
        return tokens;
    }
}
