namespace Hotplug.Inference.Sampling.Steps;

/// <summary>One step of sampling: changes logits or drops candidates, and leaves them in rank with one at least. Allocates nothing.</summary>
internal interface ICandidateStep
{
    /// <summary>Takes the step.</summary>
    void Apply(CandidateList candidates, ref Xoshiro256 random);
}
