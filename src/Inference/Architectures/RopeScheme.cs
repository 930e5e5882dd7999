using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Inference.Architectures;

/// <summary>How heads are rotated.</summary>
/// <param name="Parameters">The rotation.</param>
/// <param name="Factors">Divides each frequency, or null.</param>
internal sealed record RopeScheme(RopeParameters Parameters, GraphValue? Factors)
{
    /// <summary>With another base.</summary>
    public RopeScheme WithBase(float frequencyBase) => this with { Parameters = Parameters with { Base = frequencyBase } };

    /// <summary>Without any scaling, as in windowed blocks that look at nothing far away.</summary>
    public RopeScheme Unscaled() => new(Parameters with { FrequencyScale = 1, ExtrapolationFactor = 0, AttentionFactor = 1 }, null);
}
