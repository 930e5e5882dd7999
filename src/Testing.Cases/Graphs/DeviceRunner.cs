using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Memory;
using Hotplug.Testing.Memory;

namespace Hotplug.Testing.Graphs;

/// <summary>Runs a case on a device, as one slice or cut into several.</summary>
public sealed class DeviceRunner : IDisposable
{
    private readonly GraphCase _case;
    private readonly List<SliceRunner> _slices = [];

    /// <summary>Prepares a case.</summary>
    /// <param name="run">Makes the buffers.</param>
    /// <param name="device">The device.</param>
    /// <param name="graph">The case.</param>
    /// <param name="weightType">Where weights go; null for the device's first buffer type.</param>
    /// <param name="place">How they get there.</param>
    /// <param name="cuts">Numbers of operations before which the graph is cut.</param>
    /// <param name="weightUsage">What the buffers of weights are said to be for.</param>
    /// <param name="cache">A cache to work on instead of a new one.</param>
    public DeviceRunner(ITestMemory run, IDevice device, GraphCase graph, IBufferType? weightType = null, WeightPlace place = WeightPlace.Written,
        IReadOnlyList<int>? cuts = null, BufferUsage weightUsage = BufferUsage.Weights, DeviceKvCache? cache = null)
    {
        _case = graph;
        Cache = cache;
        if (graph.NewCache() is { } content && cache is null)
        {
            Cache = new DeviceKvCache(run, device, graph.Cache!, graph.PageCount);
            Cache.Load(content);
        }
        try
        {
            var first = 0;
            foreach (var cut in (cuts ?? []).Append(graph.Operations.Count))
            {
                var operations = graph.Operations.Skip(first).Take(cut - first).ToList();
                first = cut;
                if (operations.Count != 0) _slices.Add(new SliceRunner(run, device, graph, graph.Slice(operations, Cache?.Layout), weightType, place, weightUsage));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The cache, or null.</summary>
    public DeviceKvCache? Cache { get; }

    /// <summary>The slices in order.</summary>
    public IReadOnlyList<SliceRunner> Slices => _slices;

    /// <summary>Runs a step.</summary>
    /// <returns>Elements of each output of the case.</returns>
    public float[][] Run(CaseStep step)
    {
        var values = new Dictionary<GraphValue, float[]>();
        for (var i = 0; i < _case.Inputs.Count; i++) values[_case.Inputs[i]] = step.Inputs[i];
        foreach (var slice in _slices) slice.Run(step, values, Cache);
        return [.. _case.Outputs.Select(output => values[output])];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var slice in _slices) slice.Dispose();
        _slices.Clear();
    }
}
