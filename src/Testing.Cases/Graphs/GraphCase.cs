using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.KvCache;
using Hotplug.Reference.Execution;

namespace Hotplug.Testing.Graphs;

/// <summary>
/// A small graph with everything that is needed to run it on a device and on the scalar reference: operations, weights, steps, and a cache to start from.
/// </summary>
public sealed class GraphCase
{
    /// <summary>What it tests, for messages.</summary>
    public required string Name { get; init; }

    /// <summary>The operations in order.</summary>
    public required IReadOnlyList<Operation> Operations { get; init; }

    /// <summary>Weights in the standard layout of their type.</summary>
    public required IReadOnlyDictionary<GraphValue, byte[]> Weights { get; init; }

    /// <summary>Inputs.</summary>
    public required IReadOnlyList<GraphValue> Inputs { get; init; }

    /// <summary>Outputs.</summary>
    public required IReadOnlyList<GraphValue> Outputs { get; init; }

    /// <summary>Bounds of the symbols.</summary>
    public required StepBounds Bounds { get; init; }

    /// <summary>The steps, to be run in order.</summary>
    public required IReadOnlyList<CaseStep> Steps { get; init; }

    /// <summary>The cache, or null.</summary>
    public KvCacheSpec? Cache { get; init; }

    /// <summary>Pages of the cache.</summary>
    public int PageCount { get; init; }

    /// <summary>Fills a new cache with what it holds before the first step; cells that no sequence may see hold NaN.</summary>
    public Action<ReferenceKvCache>? Fill { get; init; }

    /// <summary>The whole graph as one slice.</summary>
    /// <param name="layout">The device's layout of the cache, or null.</param>
    public GraphSlice Slice(IKvLayout? layout) => Slice(Operations, layout);

    /// <summary>A slice of some of the operations. What others write is its input, what others or the caller read its output.</summary>
    public GraphSlice Slice(IReadOnlyList<Operation> operations, IKvLayout? layout)
    {
        var written = operations.SelectMany(operation => operation.Writes).ToHashSet();
        var read = operations.SelectMany(operation => operation.Reads).ToHashSet();
        var readOutside = Operations.Except(operations).SelectMany(operation => operation.Reads).Concat(Outputs).ToHashSet();
        var order = Inputs.Concat(Operations.SelectMany(operation => operation.Writes)).ToList();
        return new GraphSlice
        {
            Operations = operations,
            Weights = [.. Weights.Keys.Where(read.Contains)],
            Inputs = [.. order.Where(value => read.Contains(value) && !written.Contains(value))],
            Outputs = [.. order.Where(value => written.Contains(value) && readOutside.Contains(value))],
            Bounds = Bounds,
            KvLayout = operations.Any(operation => operation.KvLayer is not null) ? layout : null,
        };
    }

    /// <summary>A cache on the reference's side, as it is before the first step; null if the case has none.</summary>
    public ReferenceKvCache? NewCache()
    {
        if (Cache is null) return null;
        var cache = new ReferenceKvCache(Cache, PageCount);
        Fill?.Invoke(cache);
        return cache;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
