using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.ContractTests.Broken.Decorators;

/// <summary>Hands everything on under the inner device's own objects, and wraps what comes back.</summary>
internal sealed class DecoratedDevice : IDevice
{
    private readonly IDevice _inner;
    private readonly Flaw _flaw;
    private readonly DeviceInfo _info;

    public DecoratedDevice(IDevice inner, Flaw flaw)
    {
        (_inner, _flaw, _info) = (inner, flaw, flaw.Info(inner.Info));
        BufferTypes = [.. inner.BufferTypes.Select(type => new DecoratedBufferType(type, flaw))];
    }

    public DeviceInfo Info => _info;

    public IReadOnlyList<IBufferType> BufferTypes { get; }

    public DeviceMemory QueryMemory() => _flaw.Memory(_inner);

    public Support Supports(in OperationQuery query)
        => _flaw.Supports(_inner, query with { WeightBufferType = query.WeightBufferType is DecoratedBufferType own ? own.Inner : query.WeightBufferType });

    public IKvLayout PrepareKvCache(KvCacheSpec spec)
    {
        var layout = _inner.PrepareKvCache(spec);
        return new DecoratedKvLayout(layout, Wrap(layout.BufferType), _flaw);
    }

    public SlicePlan Prepare(GraphSlice slice)
    {
        var plan = _flaw.Prepare(_inner, new GraphSlice
        {
            Operations = slice.Operations,
            Weights = slice.Weights,
            Inputs = slice.Inputs,
            Outputs = slice.Outputs,
            Bounds = slice.Bounds,
            KvLayout = (slice.KvLayout as DecoratedKvLayout)?.Inner,
        });
        var decorated = new DecoratedPlan(slice, plan, Wrap(plan.BufferType));
        _flaw.Prepared(decorated);
        return decorated;
    }

    public IExecutable Compile(SlicePlan plan, WeightBindings weights)
    {
        var places = plan.Slice.Weights.ToDictionary(weight => weight, weight => DecoratedBuffer.Unwrap(weights[weight]));
        return new DecoratedExecutable(_flaw.Compile(_inner, ((DecoratedPlan)plan).Inner, new WeightBindings(places)), _flaw);
    }

    private IBufferType Wrap(IBufferType inner) => BufferTypes.Single(type => ((DecoratedBufferType)type).Inner == inner);

    private sealed class DecoratedPlan(GraphSlice slice, SlicePlan inner, IBufferType type) : SlicePlan(slice, type, inner.WorkspaceBlocks)
    {
        public SlicePlan Inner => inner;
    }
}
