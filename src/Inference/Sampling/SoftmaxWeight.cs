namespace Hotplug.Inference.Sampling;

/// <summary>A candidate weighs its probability relative to the best one, e^(logit − max).</summary>
internal readonly struct SoftmaxWeight(float max) : ICandidateWeight
{
    /// <inheritdoc/>
    public double Of(ulong candidate) => ExactExp.Of((double)Candidate.Logit(candidate) - max);
}
