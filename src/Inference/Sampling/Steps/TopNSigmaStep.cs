namespace Hotplug.Inference.Sampling.Steps;

/// <summary>Keeps candidates at most n standard deviations of all candidates' logits below the best.</summary>
internal sealed class TopNSigmaStep(double n) : ICandidateStep
{
    public void Apply(CandidateList candidates, ref Xoshiro256 random)
    {
        var items = candidates.Items;
        var mean = 0.0;
        foreach (var (logit, _) in items) mean += logit / items.Length;
        var variance = 0.0;
        foreach (var (logit, _) in items) variance += (logit - mean) * (logit - mean) / items.Length;
        var least = items[0].Logit - n * Math.Sqrt(variance);
        var count = 0;
        while (count < items.Length && items[count].Logit >= least) count++;
        candidates.Keep(count);
    }
}
