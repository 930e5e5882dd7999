namespace Hotplug.Inference.Sampling.Steps;

/// <summary>Keeps the fewest best candidates that hold the share p.</summary>
internal sealed class TopPStep(double p) : ICandidateStep
{
    public void Apply(CandidateList candidates, ref Xoshiro256 random)
    {
        var weights = candidates.Weigh(out var total);
        var (sum, count) = (0.0, 0);
        while (count < weights.Length && (count == 0 || sum < p * total)) sum += weights[count++];
        candidates.Keep(count);
    }
}
