using Hotplug.Abstractions.Plugins;
using Hotplug.Gpu;
using Hotplug.Gpu.Discovery;
using Hotplug.Testing.Fixtures;

namespace Hotplug.MetalTests.Contract;

/// <summary>The plugin for other graphics processors, on ILGPU's emulator, to compose with.</summary>
public sealed class GpuFixture : BackendFixture
{
    public override nuint MemoryBudget => 16 << 20;

    // The emulator makes objects for every launch.
    public override bool AllocatesPerRun => true;

    protected override IBackendPlugin CreatePlugin(out string? directory)
    {
        directory = null;
        return new GpuPlugin(() => [DeviceFinder.Emulator()]);
    }
}
