using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Cpu.Programs;

/// <summary>Rotations that share a table of cosines and sines: equal but for the style.</summary>
internal sealed record RopeKey(RopeParameters Parameters, GraphValue? Factors)
{
    public static RopeKey Of(Rope rope) => new(rope.Parameters with { Style = RopeStyle.Adjacent }, rope.Factors);
}
