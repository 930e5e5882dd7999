using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.KvCache;

namespace Hotplug.Runtime.Placement;

/// <summary>A run of operations on one device, before bounds are given.</summary>
public sealed record CutSlice
{
    /// <summary>The device.</summary>
    public required PlacementDevice Device { get; init; }

    /// <summary>Window of the cache it works on; 0 for the one that keeps all cells.</summary>
    public int KvWindow { get; init; }

    /// <summary>The operations.</summary>
    public required IReadOnlyList<Operation> Operations { get; init; }

    /// <summary>Weights they read, each once.</summary>
    public required IReadOnlyList<GraphValue> Weights { get; init; }

    /// <summary>Values from other slices.</summary>
    public required IReadOnlyList<GraphValue> Inputs { get; init; }

    /// <summary>Values for other slices, or for the host.</summary>
    public required IReadOnlyList<GraphValue> Outputs { get; init; }

    /// <summary>True if some operation works on the KV cache.</summary>
    public bool TouchesCache => Operations.Any(o => o.KvLayer is not null);

    /// <summary>The slice for steps of a size.</summary>
    public GraphSlice WithBounds(StepBounds bounds, IKvLayout? layout) => new()
    {
        Operations = Operations,
        Weights = Weights,
        Inputs = Inputs,
        Outputs = Outputs,
        Bounds = bounds,
        KvLayout = TouchesCache ? layout : null,
    };
}
