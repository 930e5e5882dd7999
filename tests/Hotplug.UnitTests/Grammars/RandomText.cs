using System.Text;
using Hotplug.Inference.Grammars;
using Hotplug.Inference.Tokenization;

namespace Hotplug.UnitTests.Grammars;

/// <summary>Writes what a grammar allows with logits of pure chance, so nothing but the grammar keeps the text in shape. The longer it gets, the more it wants to close things.</summary>
internal static class RandomText
{
    public static string Write(CompiledGrammar grammar, Tokenizer tokenizer, Random random, int most = 6000)
    {
        var constraint = grammar.Begin();
        var logits = new float[tokenizer.VocabularySize];
        var text = new List<byte>();
        var closing = Enumerable.Range(0, logits.Length).Select(token => IsClosing(tokenizer, token)).ToArray();
        for (var step = 0; step < most && !constraint.IsAtEnd; step++)
        {
            var closes = random.Next(2) == 0;
            for (var token = 0; token < logits.Length; token++)
            {
                logits[token] = random.NextSingle();
                if (closes && closing[token]) logits[token] += Math.Min(step * 0.01f + 0.3f, 2);
            }

            constraint.Restrict(logits);
            var chosen = Array.IndexOf(logits, logits.Max());
            constraint.Accept(chosen);
            text.AddRange(tokenizer.Bytes(chosen));
        }

        Xunit.Assert.True(constraint.IsComplete, "The text did not come to an end: " + Encoding.UTF8.GetString([.. text]));
        return new UTF8Encoding(false, true).GetString([.. text]);
    }

    private static bool IsClosing(Tokenizer tokenizer, int token)
        => tokenizer.IsEndOfGeneration(token) || tokenizer.Bytes(token) is [(byte)'"' or (byte)'}' or (byte)']'] or [(byte)'"', (byte)',' or (byte)'}' or (byte)']'];
}
