using Acme.Tensors.Memory;
using Acme.Tensors.Programs;
using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Plugins;
using Hotplug.Accelerators.Memory;
using Hotplug.Accelerators.Settings;

namespace Acme.Tensors;

/// <summary>The host's processor behind memory of its own.</summary>
internal sealed class TensorsDevice : IDevice
{
    private readonly TensorsBufferType _type;
    private readonly TensorsRules _rules;
    private readonly MemoryBudget _budget;

    public TensorsDevice(IPluginHost host, DeviceSettings settings, IWorkerGroup workers)
    {
        Workers = workers;
        _budget = new MemoryBudget(settings.Memory);
        _type = new TensorsBufferType(host, _budget, settings.MaxAllocation ?? TensorsBufferType.Largest);
        _rules = new TensorsRules(_type);
        BufferTypes = [_type];
    }

    public IWorkerGroup Workers { get; }

    public DeviceInfo Info { get; } = new()
    {
        Id = "tensors",
        Name = "Tensors",
        Kind = DeviceKind.Emulation,
        CopyCost = new CopyCost { LatencyNanoseconds = 50, NanosecondsPerByte = 0.1 },
        KvPageTokens = 32,
        KvTypes = [],
        IsDeterministic = true,
        IsBatchInvariant = true,
    };

    public IReadOnlyList<IBufferType> BufferTypes { get; }

    // It takes the host's memory: what is free of that is the host's to know, unless a budget is set.
    public DeviceMemory QueryMemory() => _budget.Limit is { } limit ? new((ulong)limit, (ulong)Math.Max(0, limit - _budget.Used)) : default;

    public Support Supports(in OperationQuery query) => _rules.Ask(query);

    public IKvLayout PrepareKvCache(KvCacheSpec spec) => throw new UnsupportedException("tensors keeps no KV cache. Attention runs on another device.");

    public SlicePlan Prepare(GraphSlice slice)
    {
        foreach (var operation in slice.Operations)
            if (_rules.Ask(new() { Operation = operation, Bounds = slice.Bounds, WeightBufferType = _type, KvCache = slice.KvLayout?.Spec }) is { IsSupported: false } no)
                throw new UnsupportedException(no.Reason);
        return TensorsPlan.Make(this, slice, _type);
    }

    public IExecutable Compile(SlicePlan plan, WeightBindings weights)
        => plan is TensorsPlan own && own.Device == this ? new TensorsExecutable(own, weights)
            : throw new ArgumentException("The plan was made by another device.", nameof(plan));
}
