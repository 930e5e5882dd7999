using System.Text;
using Hotplug.Inference.Tokenization;

namespace Hotplug.Server.OpenAI;

/// <summary>Tokens as clients read them.</summary>
internal static class TokenText
{
    /// <summary>Stands for a probability of none: JSON has no infinity.</summary>
    private const float Never = -9999f;

    /// <summary>What a token writes, the blank before a word included; of one that cuts a character, with a replacement in place of its part.</summary>
    public static string Of(Tokenizer tokenizer, int token) => Encoding.UTF8.GetString(tokenizer.Bytes(token, special: true));

    /// <summary>Its bytes as numbers.</summary>
    public static int[] Bytes(Tokenizer tokenizer, int token)
    {
        var bytes = tokenizer.Bytes(token, special: true);
        var numbers = new int[bytes.Length];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = bytes[i];
        return numbers;
    }

    /// <summary>A log probability that JSON can say.</summary>
    public static float Finite(float logprob) => float.IsFinite(logprob) ? logprob : Never;
}
