using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;

namespace Hotplug.Tests.Scripted;

/// <summary>A device that can do nothing; the tests of loading need no more.</summary>
internal sealed class ScriptedDevice(string id, Script script) : IDevice
{
    public DeviceInfo Info
    {
        get
        {
            script.At("DeviceInfo");
            return new() { Id = id, Name = $"Scripted {id}", Kind = script.Has("gpu") ? DeviceKind.Gpu : DeviceKind.Emulation, KvPageTokens = 1 };
        }
    }

    public IReadOnlyList<IBufferType> BufferTypes => [];

    public DeviceMemory QueryMemory() => default;

    public Support Supports(in OperationQuery query) => Support.No("it can do nothing");

    public IKvLayout PrepareKvCache(KvCacheSpec spec) => throw Unsupported();

    public SlicePlan Prepare(GraphSlice slice) => throw Unsupported();

    public IExecutable Compile(SlicePlan plan, WeightBindings weights) => throw Unsupported();

    private static UnsupportedException Unsupported() => new("The scripted device can do nothing. Choose another.");
}
