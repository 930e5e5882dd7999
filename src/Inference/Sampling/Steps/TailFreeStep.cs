namespace Hotplug.Inference.Sampling.Steps;

/// <summary>Tail-free sampling: the second differences of the ranked probabilities, as shares of their sum, say where the tail begins; what lies behind the share z of them is cut.</summary>
internal sealed class TailFreeStep(double z) : ICandidateStep
{
    public void Apply(CandidateList candidates, ref Xoshiro256 random)
    {
        if (candidates.Count <= 2) return;
        var weights = candidates.Weigh(out _);
        var total = 0.0;
        for (var i = 0; i < weights.Length - 2; i++) total += Bend(weights, i);
        // Equal probabilities have no tail.
        if (total <= 0) return;
        var sum = 0.0;
        for (var i = 0; i < weights.Length - 2; i++)
        {
            sum += Bend(weights, i);
            if (sum <= z * total) continue;
            candidates.Keep(i);
            return;
        }
    }

    private static double Bend(ReadOnlySpan<double> weights, int at) => Math.Abs(weights[at] - 2 * weights[at + 1] + weights[at + 2]);
}
