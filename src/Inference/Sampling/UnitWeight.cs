namespace Hotplug.Inference.Sampling;

/// <summary>Every candidate weighs 1: selecting by mass is selecting by count.</summary>
internal readonly struct UnitWeight : ICandidateWeight
{
    /// <inheritdoc/>
    public double Of(ulong candidate) => 1;
}
