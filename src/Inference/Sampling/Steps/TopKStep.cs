namespace Hotplug.Inference.Sampling.Steps;

/// <summary>Keeps the best k.</summary>
internal sealed class TopKStep(int k) : ICandidateStep
{
    public void Apply(CandidateList candidates, ref Xoshiro256 random) => candidates.Keep(k);
}
