namespace Hotplug.Inference.Sampling.Steps;

/// <summary>Keeps candidates at least p times as probable as the best.</summary>
internal sealed class MinPStep(double p) : ICandidateStep
{
    public void Apply(CandidateList candidates, ref Xoshiro256 random)
    {
        var weights = candidates.Weigh(out _);
        var count = 0;
        while (count < weights.Length && weights[count] >= p) count++;
        candidates.Keep(count);
    }
}
