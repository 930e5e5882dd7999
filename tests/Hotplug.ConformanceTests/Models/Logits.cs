using Xunit;

namespace Hotplug.ConformanceTests.Models;

/// <summary>How results are held against the reference.</summary>
internal static class Logits
{
    /// <summary>Fails unless Σ(a−b)² ≤ limit · Σb². What is not a number fails.</summary>
    public static void Near(double limit, ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double difference = 0, norm = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            var delta = (double)actual[i] - expected[i];
            difference += delta * delta;
            norm += (double)expected[i] * expected[i];
        }
        Assert.True(difference / norm <= limit, $"{what}: the error is {difference / norm:e2}, and {limit:e2} is allowed");
    }

    /// <summary>Logarithms of the probabilities that logits stand for.</summary>
    public static float[] LogProbabilities(ReadOnlySpan<float> logits)
    {
        var largest = float.NegativeInfinity;
        foreach (var logit in logits) largest = MathF.Max(largest, logit);
        var sum = 0.0;
        foreach (var logit in logits) sum += Math.Exp(logit - largest);
        var offset = largest + Math.Log(sum);
        var result = new float[logits.Length];
        for (var i = 0; i < result.Length; i++) result[i] = (float)(logits[i] - offset);
        return result;
    }

    /// <summary>Evaluates the prompt and then the reference's continuation token by token. Fails where another token is the best although the gap is wide.</summary>
    public static void GreedyEqual(LoadedModel model, ReferenceCase reference, double closeCall, string what)
    {
        var (checks, next) = (0, Best(model.Append(reference.Prompt)));
        for (var i = 0; i < reference.Greedy.Length; i++)
        {
            if (reference.Gaps[i] > closeCall)
            {
                checks++;
                Assert.True(next == reference.Greedy[i], $"{what}: token {i} of the continuation is {next} and should be {reference.Greedy[i]}, whose logit is {reference.Gaps[i]} above the second");
            }
            next = Best(model.Append([reference.Greedy[i]]));
        }
        Assert.True(checks > reference.Greedy.Length / 2, $"{what}: only {checks} tokens could be checked");
    }

    private static int Best(ReadOnlySpan<float> row)
    {
        var best = 0;
        for (var i = 1; i < row.Length; i++)
            if (row[i] > row[best]) best = i;
        return best;
    }
}
