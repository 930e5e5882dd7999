using Hotplug.Inference.Generation;
using Hotplug.Inference.Models;

namespace Hotplug.Cli.Evidence;

/// <summary>What a model writes when it always takes the best token.</summary>
/// <param name="Tokens">The tokens.</param>
/// <param name="Gaps">At each, by how much the best logit was ahead of the second.</param>
internal sealed record GreedyText(IReadOnlyList<int> Tokens, IReadOnlyList<float> Gaps)
{
    /// <summary>Below this distance of the two best logits either token is right.</summary>
    public const float CloseCall = 0.01f;

    private const string Prompt = "Once upon a time";

    /// <summary>Lets a model write.</summary>
    public static GreedyText Of(LanguageModel model, int count, CancellationToken cancellation)
    {
        var prompt = model.Tokenizer.Encode(Prompt, addSpecial: true);
        using var generator = new TextGenerator(model, prompt, new() { MaxTokens = count, Sampler = new() { Temperature = 0 }, IgnoreEndOfGeneration = true });
        var gaps = new List<float>();
        while (generator.Next(out _, cancellation))
            if (gaps.Count < generator.GeneratedCount) gaps.Add(Gap(model.Executor.Output(0)));
        return new([.. generator.Tokens[prompt.Length..]], gaps);
    }

    /// <summary>Where another text leaves this one although this one's token was no close call, or null. What follows a close call is not compared.</summary>
    public int? FirstDifference(GreedyText other)
    {
        for (var i = 0; i < Tokens.Count; i++)
        {
            if (i < other.Tokens.Count && other.Tokens[i] == Tokens[i]) continue;
            return i < Gaps.Count && Gaps[i] < CloseCall ? null : i;
        }
        return null;
    }

    private static float Gap(ReadOnlySpan<float> logits)
    {
        float best = float.NegativeInfinity, second = float.NegativeInfinity;
        foreach (var logit in logits)
            if (logit > best) (best, second) = (logit, best);
            else if (logit > second) second = logit;
        return best - second;
    }
}
