namespace Hotplug.Inference.Sampling.Steps;

/// <summary>By chance drops all candidates above the threshold but the least probable of them. Takes one random number every time.</summary>
internal sealed class XtcStep(XtcOptions options) : ICandidateStep
{
    public void Apply(CandidateList candidates, ref Xoshiro256 random)
    {
        if (random.NextUnit() >= options.Probability) return;
        var weights = candidates.Weigh(out var total);
        var top = 0;
        while (top < weights.Length && weights[top] >= options.Threshold * total) top++;
        if (top > 1) candidates.Drop(top - 1);
    }
}
