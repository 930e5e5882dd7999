using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.Graphs;

namespace Hotplug.Runtime.Placement;

/// <summary>
/// Gives every operation a device. An operation with a matrix or a norm runs where its weight is wished to lie; one without follows its operands, so that
/// nothing crosses without need; attention follows its cache.
/// </summary>
internal sealed class NodePlacer(IReadOnlyList<PlacementDevice> devices, SectionPlacement sections, IReadOnlyList<PlacementRule> rules,
    StepBounds bounds, Func<PlacementDevice, KvLayerShape, KvCacheSpec> cacheOf)
{
    private readonly Dictionary<GraphValue, PlacementDevice> _producers = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<int, PlacementDevice> _caches = [];

    public List<NodePlacement> Place(ModelGraph graph)
    {
        var layers = graph.KvLayers.ToDictionary(l => l.Layer);
        var placed = new List<NodePlacement>(graph.Nodes.Count);
        foreach (var node in graph.Nodes)
        {
            KvLayerShape? cache = node.Operation.KvLayer is { } layer ? layers[layer] : null;
            var placement = Place(node, cache);
            foreach (var value in node.Operation.Writes) _producers[value] = placement.Device;
            if (node.Operation is KvAppend append) _caches[append.Layer] = placement.Device;
            placed.Add(placement);
        }
        return placed;
    }

    private NodePlacement Place(GraphNode node, KvLayerShape? cache)
    {
        var (wished, reason) = Wish(node);
        var refused = new List<RefusedPlace>();
        // Attention cannot leave its cache: there is nothing to fall back to.
        var candidates = node.Operation is Attention ? [wished] : new[] { wished, sections[node.Section], sections.Host }.Concat(devices).Distinct();
        foreach (var candidate in candidates)
        {
            // What is used only when named steps in for others only where the section itself was given to it.
            if (candidate != wished && candidate != sections.Host && candidate != sections[node.Section]
                && candidate.Device.Info.Kind is DeviceKind.Emulation or DeviceKind.Remote) continue;
            var answer = Ask(candidate, node.Operation, cache);
            if (answer.IsSupported)
                return new(node, candidate, refused.Count == 0 ? reason : $"{refused[0].Device} refused it: {refused[0].Reason}", refused);
            refused.Add(new(candidate.Name, answer.Reason));
        }
        throw new PlacementException(PlacementFailure.Unsupported,
            $"No device can run {node.Operation.GetType().Name} of {node.Section} ({string.Join(", ", node.Operation.Reads.Select(v => v.ToString()))}): "
            + string.Join("; ", refused.Select(r => $"{r.Device}: {r.Reason}")));
    }

    private (PlacementDevice Device, string Reason) Wish(GraphNode node)
    {
        if (node.Operation is Attention attention && _caches.TryGetValue(attention.Layer, out var holder)) return (holder, "follows its KV cache");
        if (Anchor(node.Operation) is { } weight)
        {
            foreach (var rule in rules)
                if (rule.Matches(weight.Name)) return (SectionPlacement.Find(devices, rule.Device), $"--place {rule}");
            return (sections[node.Section], sections.Reason(node.Section));
        }
        PlacementDevice? common = null;
        foreach (var value in node.Operation.Reads)
        {
            if (value.IsWeight || !_producers.TryGetValue(value, out var producer)) continue;
            if (common is not null && common != producer) return (sections[node.Section], sections.Reason(node.Section));
            common = producer;
        }
        return common is null ? (sections[node.Section], sections.Reason(node.Section)) : (common, "follows its operands");
    }

    /// <summary>The weight that decides where an operation runs; small companions (biases, factors, sinks) go along.</summary>
    private static GraphValue? Anchor(Operation operation) => operation switch
    {
        GetRows { Table.IsWeight: true } o => o.Table,
        MatMul { Weight.IsWeight: true } o => o.Weight,
        MatMulExperts { Weight.IsWeight: true } o => o.Weight,
        RmsNorm o => o.Weight,
        LayerNorm o => o.Weight,
        _ => null,
    };

    private Support Ask(PlacementDevice device, Operation operation, KvLayerShape? cache)
    {
        CallTrace.Note(device.Name, "saying what it supports");
        if (!operation.Reads.Any(v => v.IsWeight)) return Ask(device, operation, cache, null);
        Support? first = null;
        foreach (var type in device.Device.BufferTypes)
        {
            var answer = Ask(device, operation, cache, type);
            if (answer.IsSupported) return answer;
            // The type that the device prefers says best what is in the way.
            first ??= answer;
        }
        return first ?? default;
    }

    private Support Ask(PlacementDevice device, Operation operation, KvLayerShape? cache, IBufferType? type)
    {
        if (type is not null && Allocation.WhyTooLarge(type, operation) is { } reason) return Support.No(reason);
        if (cache is { } shape)
        {
            var spec = cacheOf(device, shape);
            foreach (var entry in spec.Layers)
            {
                if (!device.Device.Info.KvTypes.Contains(entry.KeyType)) return Support.No($"it has no {entry.KeyType} KV cache");
                if (!device.Device.Info.KvTypes.Contains(entry.ValueType)) return Support.No($"it has no {entry.ValueType} KV cache");
            }
            return device.Device.Supports(new() { Operation = operation, Bounds = bounds, WeightBufferType = type, KvCache = spec });
        }
        return device.Device.Supports(new() { Operation = operation, Bounds = bounds, WeightBufferType = type });
    }
}
