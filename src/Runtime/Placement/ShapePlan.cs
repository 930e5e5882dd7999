using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;

namespace Hotplug.Runtime.Placement;

/// <summary>How steps up to a size run: the plans of all slices in order, and where values cross.</summary>
public sealed record ShapePlan
{
    /// <summary>Largest step of this shape.</summary>
    public required StepBounds Bounds { get; init; }

    /// <summary>One plan per slice of the load plan.</summary>
    public required IReadOnlyList<SlicePlan> Slices { get; init; }

    /// <summary>Places of the values that enter or leave slices, by device.</summary>
    public required IReadOnlyDictionary<PlacementDevice, ExchangePlan> Exchanges { get; init; }

    /// <summary>Copies between devices, in the order of the slices before which they happen.</summary>
    public required IReadOnlyList<PlannedCopy> Copies { get; init; }
}
