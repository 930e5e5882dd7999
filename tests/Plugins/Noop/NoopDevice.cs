using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;

namespace Hotplug.Tests.Noop;

/// <summary>Plans and compiles any slice without memory of its own, into something that returns at once.</summary>
internal sealed class NoopDevice : IDevice
{
    public DeviceInfo Info { get; } = new() { Id = "noop", Name = "No operation", Kind = DeviceKind.Emulation, KvPageTokens = 32, KvTypes = [] };

    public IReadOnlyList<IBufferType> BufferTypes { get; } = [new NoopBufferType()];

    public DeviceMemory QueryMemory() => default;

    public Support Supports(in OperationQuery query) => Support.Yes;

    public IKvLayout PrepareKvCache(KvCacheSpec spec) => throw new UnsupportedException("noop keeps no KV cache.");

    public SlicePlan Prepare(GraphSlice slice) => new(slice, BufferTypes[0], []);

    public IExecutable Compile(SlicePlan plan, WeightBindings weights) => new NoopExecutable();
}
