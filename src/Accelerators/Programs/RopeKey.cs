using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Accelerators.Programs;

/// <summary>Rotations that share a table of cosines and sines: equal but for the style.</summary>
public sealed record RopeKey(RopeParameters Parameters, GraphValue? Factors)
{
    /// <summary>The key of an operation.</summary>
    public static RopeKey Of(Rope rope) => new(rope.Parameters with { Style = RopeStyle.Adjacent }, rope.Factors);

    /// <summary>The key of an operation.</summary>
    public static RopeKey Of(KvShift shift) => new(shift.Parameters with { Style = RopeStyle.Adjacent }, shift.Factors);
}
