using Hotplug.Abstractions.KvCache;

namespace Hotplug.Abstractions.Graphs;

/// <summary>
/// A run of operations that one device executes together: everything that does not change between steps. Values that are in none
/// of the three lists are the backend's own and live in the workspace. Immutable.
/// </summary>
public sealed class GraphSlice
{
    /// <summary>The operations, in an order in which they may run: each value is written before it is read.</summary>
    public required IReadOnlyList<Operation> Operations { get; init; }

    /// <summary>Weights the operations read, each once.</summary>
    public required IReadOnlyList<GraphValue> Weights { get; init; }

    /// <summary>Values written outside and read here; bound in every step, in this order.</summary>
    public required IReadOnlyList<GraphValue> Inputs { get; init; }

    /// <summary>Values written here and read outside; bound in every step, in this order. May be read here too.</summary>
    public required IReadOnlyList<GraphValue> Outputs { get; init; }

    /// <summary>Upper bounds of the symbols.</summary>
    public required StepBounds Bounds { get; init; }

    /// <summary>The layout that this device chose for its KV cache, or null if the slice does not touch one.</summary>
    public IKvLayout? KvLayout { get; init; }
}
