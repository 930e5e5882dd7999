using Hotplug.Abstractions.Plugins;
using Hotplug.Gpu.Discovery;
using Hotplug.Testing.Fixtures;

namespace Hotplug.GpuTests.Contract;

/// <summary>The dropped-in plugin where there is OpenCL on the processor.</summary>
public sealed class DroppedInOpenClFixture : DroppedInGpuFixture
{
    private static readonly Lazy<bool> IsThere = new(() => DeviceFinder.Look().Found.Any(d => d.Facts.Id == "opencl-cpu"));

    public override bool AllocatesPerRun => false;

    protected override IBackendPlugin CreatePlugin(out string? directory) => IsThere.Value ? base.CreatePlugin(out directory)
        : throw new BackendUnavailableException(["This machine has no OpenCL on the processor that the plugin can use; its back end is not tested."]);
}
