using Hotplug.Abstractions.Faults;
using Hotplug.Runtime.Execution;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.KvCache;

namespace Hotplug.Inference.Deployment;

/// <summary>A few tokens run at a place, to see that it computes this model before anybody depends on it.</summary>
internal static class SelfTest
{
    private const int Tokens = 8;

    /// <summary>The logits behind the test's tokens, or null where the cache has no room for them.</summary>
    /// <exception cref="BackendFaultException">A device failed.</exception>
    public static float[]? Logits(ModelExecutor executor, int vocabulary, CancellationToken cancellation)
    {
        var tokens = new int[Math.Min(Tokens, executor.Plan.Request.Context)];
        // Spread over the vocabulary: the same for every place.
        for (var i = 0; i < tokens.Length; i++) tokens[i] = (int)((2L * i + 1) * vocabulary / (2 * tokens.Length));
        using var sequence = executor.NewSequence();
        var batch = new StepBatch();
        try
        {
            // All but the last as a prompt, and the last by itself: both shapes of a step have been run then.
            while (sequence.Length < tokens.Length)
            {
                var count = Math.Min(executor.Largest.Tokens, Math.Max(1, tokens.Length - 1 - sequence.Length));
                batch.Clear();
                batch.Add(sequence, tokens.AsSpan(sequence.Length, count), sequence.Length + count == tokens.Length ? 1 : 0);
                executor.Run(batch, cancellation);
            }
            return executor.Output(0)[..vocabulary].ToArray();
        }
        catch (KvCacheFullException)
        {
            return null;
        }
        finally
        {
            batch.Clear();
        }
    }

    /// <summary>Tests a place.</summary>
    /// <param name="executor">What runs there.</param>
    /// <param name="vocabulary">Tokens of the vocabulary.</param>
    /// <param name="reference">The logits elsewhere, or null to compare with nothing.</param>
    /// <param name="bound">How far they may be from it; see <see cref="SwapOptions.SelfTestBound"/>.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>What was found, for people.</returns>
    /// <exception cref="BackendFaultException">A device failed, or computes nonsense.</exception>
    public static string Run(ModelExecutor executor, int vocabulary, float[]? reference, double? bound, CancellationToken cancellation)
    {
        var logits = Logits(executor, vocabulary, cancellation);
        if (logits is null) return "not tested: the cache has no room for a test";
        var place = string.Join(" + ", executor.Plan.Devices);
        for (var i = 0; i < logits.Length; i++)
            if (!float.IsFinite(logits[i])) throw new BackendFaultException(FaultKind.Defect, place, "the self-test", $"the logit of token {i} is {logits[i]}");
        if (executor.Plan.Devices.All(d => d.Device.Info.IsDeterministic) && Logits(executor, vocabulary, cancellation) is { } again && !logits.AsSpan().SequenceEqual(again))
            throw new BackendFaultException(FaultKind.Defect, place, "the self-test", "the same step gave other logits the second time, though its devices are stated to be deterministic");
        if (reference is null || bound is not { } limit) return "self-test passed";
        var distance = Distance(logits, reference);
        if (!(distance <= limit))
            throw new BackendFaultException(FaultKind.Defect, place, "the self-test", $"its logits are off by {distance:0.###} of their spread from those of the place before, and {limit:0.###} are allowed");
        return $"self-test passed, logits off by {distance:0.#####} of their spread";
    }

    /// <summary>Root mean square of the difference, as a share of the standard deviation of the reference.</summary>
    private static double Distance(ReadOnlySpan<float> logits, ReadOnlySpan<float> reference)
    {
        double difference = 0, mean = 0, spread = 0;
        foreach (var value in reference) mean += value;
        mean /= reference.Length;
        for (var i = 0; i < reference.Length; i++)
        {
            difference += Math.Pow((double)logits[i] - reference[i], 2);
            spread += Math.Pow(reference[i] - mean, 2);
        }
        return spread == 0 ? difference == 0 ? 0 : double.PositiveInfinity : Math.Sqrt(difference / spread);
    }
}
