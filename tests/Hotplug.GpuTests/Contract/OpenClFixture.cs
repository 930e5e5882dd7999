using Hotplug.Abstractions.Plugins;
using Hotplug.Gpu;
using Hotplug.Gpu.Discovery;
using Hotplug.Testing.Fixtures;

namespace Hotplug.GpuTests.Contract;

/// <summary>The first OpenCL device of any kind; without one the suites skip and say so.</summary>
public class OpenClFixture : BackendFixture
{
    private static readonly Lazy<FoundDevice?> Device = new(() => DeviceFinder.Look().Found.FirstOrDefault(d => d.Facts.Id.StartsWith("opencl", StringComparison.Ordinal)));

    public override nuint MemoryBudget => 16 << 20;

    protected override IBackendPlugin CreatePlugin(out string? directory)
    {
        directory = null;
        return Device.Value is { } device ? new GpuPlugin(() => [device])
            : throw new BackendUnavailableException(["This machine has no OpenCL device that the plugin can use; its back end is not tested."]);
    }
}
