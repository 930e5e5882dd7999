using Hotplug.Abstractions.Graphs;

namespace Hotplug.Runtime.Placement;

/// <summary>A value that has to cross from one device to another in every step.</summary>
/// <param name="Value">The value.</param>
/// <param name="Source">Where it is written.</param>
/// <param name="Destination">Where it is read.</param>
/// <param name="BeforeSlice">The slice before which it is copied.</param>
public sealed record PlannedCopy(GraphValue Value, PlacementDevice Source, PlacementDevice Destination, int BeforeSlice)
{
    /// <summary>Bytes in a step of the given size.</summary>
    public long Bytes(in StepBounds extents) => Value.Resolve(extents).ByteLength;
}
