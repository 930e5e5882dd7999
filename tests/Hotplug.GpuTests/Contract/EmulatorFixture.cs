using Hotplug.Abstractions.Plugins;
using Hotplug.Gpu;
using Hotplug.Gpu.Discovery;
using Hotplug.Testing.Fixtures;

namespace Hotplug.GpuTests.Contract;

/// <summary>ILGPU's emulator on the processor.</summary>
public class EmulatorFixture : BackendFixture
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
