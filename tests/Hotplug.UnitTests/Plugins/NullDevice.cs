using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;

namespace Hotplug.UnitTests.Plugins;

/// <summary>A device of the test's own code that can do nothing.</summary>
internal sealed class NullDevice(string id = "null", DeviceKind kind = DeviceKind.Cpu) : IDevice
{
    public DeviceInfo Info => new() { Id = id, Name = id, Kind = kind, KvPageTokens = 1 };

    public IReadOnlyList<IBufferType> BufferTypes => [];

    public DeviceMemory QueryMemory() => default;

    public Support Supports(in OperationQuery query) => Support.No("it can do nothing");

    public IKvLayout PrepareKvCache(KvCacheSpec spec) => throw new NotSupportedException();

    public SlicePlan Prepare(GraphSlice slice) => throw new NotSupportedException();

    public IExecutable Compile(SlicePlan plan, WeightBindings weights) => throw new NotSupportedException();
}
