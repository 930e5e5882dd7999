using Hotplug.Inference.Generation;
using Hotplug.Inference.Tokenization;

namespace Hotplug.Server.OpenAI.Completions;

/// <summary>Log probabilities in columns.</summary>
internal sealed record CompletionLogprobs(IReadOnlyList<string> Tokens, IReadOnlyList<float> TokenLogprobs, IReadOnlyList<IReadOnlyDictionary<string, float>> TopLogprobs, IReadOnlyList<int> TextOffset)
{
    /// <summary>Of what was chosen; null if that is nothing.</summary>
    /// <param name="choices">The choices.</param>
    /// <param name="tokenizer">The vocabulary.</param>
    /// <param name="offset">Where in the text they begin; afterwards where they end.</param>
    public static CompletionLogprobs? Of(IReadOnlyList<TokenChoice> choices, Tokenizer tokenizer, ref int offset)
    {
        if (choices.Count == 0) return null;
        var tokens = choices.Select(c => TokenText.Of(tokenizer, c.Chosen.Token)).ToList();
        var offsets = new int[tokens.Count];
        for (var i = 0; i < offsets.Length; i++) (offsets[i], offset) = (offset, offset + tokens[i].Length);
        return new(tokens, [.. choices.Select(c => TokenText.Finite(c.Chosen.Logprob))], [.. choices.Select(Top)], offsets);

        IReadOnlyDictionary<string, float> Top(TokenChoice choice)
        {
            var top = new Dictionary<string, float>();
            // Two tokens may have one text: the better one stands for it.
            foreach (var best in choice.Best) top.TryAdd(TokenText.Of(tokenizer, best.Token), TokenText.Finite(best.Logprob));
            return top;
        }
    }
}
