namespace Hotplug.Inference.Sampling.Steps;

/// <summary>Keeps candidates of probability at least a · best².</summary>
internal sealed class TopAStep(double a) : ICandidateStep
{
    public void Apply(CandidateList candidates, ref Xoshiro256 random)
    {
        // Of the best the weight is 1, so its probability is 1/total: p ≥ a·best² is weight ≥ a/total.
        var weights = candidates.Weigh(out var total);
        var count = 0;
        while (count < weights.Length && weights[count] >= a / total) count++;
        candidates.Keep(count);
    }
}
