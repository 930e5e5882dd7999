using Hotplug.Abstractions.Plugins;
using Hotplug.Gpu;
using Hotplug.Gpu.Discovery;
using Hotplug.Testing.Fixtures;

namespace Hotplug.GpuTests.Contract;

/// <summary>OpenCL on the processor, kept open from test to test; without it the suites skip and say so.</summary>
public class OpenClFixture : BackendFixture
{
    private static readonly Lazy<FoundDevice?> OnThisMachine = new(() => DeviceFinder.Look().Found.FirstOrDefault(d => d.Facts.Id == "opencl-cpu"));
    private static readonly Lazy<KeptDevice> Kept = new(() => new(OnThisMachine.Value!));

    public override nuint MemoryBudget => 16 << 20;

    // Each compiles its kernels again.
    public override double CaseShare => OpensAnew ? 0.3 : 1;

    /// <summary>True if each backend opens the device anew and closes it.</summary>
    public bool OpensAnew { get; set; }

    protected override IBackendPlugin CreatePlugin(out string? directory)
    {
        directory = null;
        return OnThisMachine.Value is { } device ? new GpuPlugin(() => [OpensAnew ? device : Kept.Value.Found])
            : throw new BackendUnavailableException(["This machine has no OpenCL on the processor that the plugin can use; its back end is not tested."]);
    }
}
