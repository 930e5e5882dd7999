using System.Diagnostics;

namespace Hotplug.LoadBench;

/// <summary>What each prompt gives when nobody else asks, and how fast.</summary>
/// <param name="Texts">Prompts with their texts.</param>
/// <param name="TokensPerSecond">Tokens of the answers per second, prompts included.</param>
internal sealed record AloneTexts(IReadOnlyList<(int[] Prompt, string Text)> Texts, double TokensPerSecond)
{
    /// <summary>Asks one prompt after the other, until there are as many as wanted whose answers are as long as they may be.</summary>
    public static async Task<AloneTexts> ReadAsync(CompletionClient client, LoadOptions options, CancellationToken cancellation)
    {
        var texts = new List<(int[] Prompt, string Text)>();
        var (tokens, start) = (0L, 0L);
        foreach (var prompt in PromptPool.Of(options.Model, options.PromptTokens))
        {
            var answer = await client.StreamAsync(prompt, cancellation);
            // The first one does not count: code is compiled, and the file read.
            if (start == 0) start = Stopwatch.GetTimestamp();
            else tokens += answer.Tokens;
            // An answer that ends early would be less of a load than is said.
            if (answer.Finish == "length" && answer.Tokens == options.AnswerTokens) texts.Add((prompt, answer.Text));
            if (texts.Count == options.Prompts) break;
        }
        return new(texts, tokens / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
