namespace Hotplug.Inference.Sampling;

/// <summary>What a candidate weighs when candidates are selected.</summary>
internal interface ICandidateWeight
{
    /// <summary>The weight, above or equal 0.</summary>
    double Of(ulong candidate);
}
