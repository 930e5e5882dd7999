using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Formats;
using Hotplug.Reference.Operations;

namespace Hotplug.ContractTests.Tiny;

internal sealed class TinyDevice : IDevice
{
    private readonly TinyBufferType _type;

    public TinyDevice(TinyMemory memory, nuint largest)
    {
        Memory = memory;
        _type = new TinyBufferType(this, largest);
        BufferTypes = [_type];
    }

    public TinyMemory Memory { get; }

    public DeviceInfo Info { get; } = new()
    {
        Id = "tiny",
        Name = "Tiny",
        Kind = DeviceKind.Emulation,
        KvPageTokens = 4,
        KvTypes = [TensorType.F32, TensorType.F16, TensorType.BF16],
        IsDeterministic = true,
        IsBatchInvariant = true,
    };

    public IReadOnlyList<IBufferType> BufferTypes { get; }

    public DeviceMemory QueryMemory() => Memory.IsLost ? default : new(Memory.Total, Memory.Free);

    public Support Supports(in OperationQuery query)
    {
        if (!ReferenceOperations.Supports(query.Operation))
            return Support.No($"The scalar reference has no {query.Operation.GetType().Name}.");
        foreach (var value in query.Operation.Reads)
        {
            if (!value.IsWeight) continue;
            if (!Dequantizer.Supports(value.Type)) return Support.No($"{value.Name} is {value.Type}, which the scalar reference does not read.");
            if (query.WeightBufferType is not null && query.WeightBufferType != _type) return Support.No($"{value.Name} lies in {query.WeightBufferType.Name}, which Tiny does not read.");
        }
        if (query.KvCache is { } cache)
            foreach (var layer in cache.Layers)
                if (!Info.KvTypes.Contains(layer.KeyType) || !Info.KvTypes.Contains(layer.ValueType))
                    return Support.No($"Layer {layer.Layer} of the cache is {layer.KeyType} and {layer.ValueType}; Tiny keeps {string.Join(", ", Info.KvTypes)}.");
        return Support.Yes;
    }

    public IKvLayout PrepareKvCache(KvCacheSpec spec)
    {
        foreach (var layer in spec.Layers)
            foreach (var type in (ReadOnlySpan<TensorType>)[layer.KeyType, layer.ValueType])
                if (!Info.KvTypes.Contains(type))
                    throw new UnsupportedException($"Tiny keeps no KV cache of {type}; it keeps {string.Join(", ", Info.KvTypes)}.");
        return new TinyKvLayout(_type, spec);
    }

    public SlicePlan Prepare(GraphSlice slice)
    {
        foreach (var operation in slice.Operations)
        {
            var support = Supports(new OperationQuery { Operation = operation, Bounds = slice.Bounds, KvCache = slice.KvLayout?.Spec });
            if (!support.IsSupported) throw new UnsupportedException(support.Reason);
        }
        return new TinyPlan(this, slice, _type);
    }

    public IExecutable Compile(SlicePlan plan, WeightBindings weights)
    {
        Memory.Check();
        if (plan is not TinyPlan own || own.Device != this) throw new ArgumentException("The plan was made by another device.", nameof(plan));
        return new TinyExecutable(this, own, weights);
    }
}
