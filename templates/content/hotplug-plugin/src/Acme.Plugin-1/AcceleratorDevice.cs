using Acme.Plugin_1.Memory;
using Acme.Plugin_1.Programs;
using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;

namespace Acme.Plugin_1;

/// <summary>The device. Its facts are constant; it answers, plans and compiles, and owns nothing but its memory.</summary>
internal sealed class AcceleratorDevice : IDevice
{
    private readonly AcceleratorBufferType _type;

    public AcceleratorDevice(Heap memory)
    {
        Memory = memory;
        _type = new AcceleratorBufferType(memory);
        BufferTypes = [_type];
    }

    public Heap Memory { get; }

    public DeviceInfo Info { get; } = new()
    {
        Id = "plugin-id",
        Name = "Acme.Plugin-1",
        Kind = DeviceKind.Accelerator,
        // What it costs to bring bytes here; the planner weighs cuts by it.
        CopyCost = new CopyCost { LatencyNanoseconds = 100, NanosecondsPerByte = 0.1 },
        KvPageTokens = 32,
        // No attention here, so no cache. A device that runs attention keeps F32 and F16 at least.
        KvTypes = [],
        IsDeterministic = true,
        IsBatchInvariant = true,
    };

    public IReadOnlyList<IBufferType> BufferTypes { get; }

    public DeviceMemory QueryMemory() => Memory.Query();

    public Support Supports(in OperationQuery query)
        => SupportedOperations.WhyNot(query, _type) is { } reason ? Support.No(reason) : Support.Yes;

    public IKvLayout PrepareKvCache(KvCacheSpec spec) => throw new UnsupportedException("plugin-id keeps no KV cache. Place attention on another device.");

    public SlicePlan Prepare(GraphSlice slice)
    {
        foreach (var operation in slice.Operations)
            // Where weights will lie is not known yet.
            if (SupportedOperations.WhyNot(new OperationQuery { Operation = operation, Bounds = slice.Bounds }, _type) is { } reason)
                throw new UnsupportedException(reason);
        return AcceleratorPlan.Make(slice, _type);
    }

    public IExecutable Compile(SlicePlan plan, WeightBindings weights)
    {
        Memory.ThrowIfLost();
        return plan is AcceleratorPlan own && own.BufferType == _type ? new AcceleratorExecutable(own, weights, Memory)
            : throw new ArgumentException("The plan was made by another device.", nameof(plan));
    }
}
