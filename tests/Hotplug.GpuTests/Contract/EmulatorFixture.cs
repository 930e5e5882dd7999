using Hotplug.Abstractions.Plugins;
using Hotplug.Gpu;
using Hotplug.Gpu.Discovery;
using Hotplug.Testing.Fixtures;

namespace Hotplug.GpuTests.Contract;

/// <summary>ILGPU's emulator on the processor, kept open from test to test.</summary>
public class EmulatorFixture : BackendFixture
{
    private static readonly FoundDevice Emulator = DeviceFinder.Emulator();
    private static readonly KeptDevice Kept = new(Emulator);

    public override nuint MemoryBudget => 16 << 20;

    // The emulator makes objects for every launch.
    public override bool AllocatesPerRun => true;

    public override double CaseShare => AllLanes ? 1.0 / 16 : 1;

    /// <summary>
    /// True for groups of four lanes, as the product has them. Lanes are threads that wait for each other, which takes a hundred times as long as the work: otherwise
    /// groups have one. The kernels by themselves, and models, are tested with four elsewhere.
    /// </summary>
    public bool AllLanes { get; set; }

    /// <summary>True if each backend opens the device anew and closes it.</summary>
    public bool OpensAnew { get; set; }

    protected override IBackendPlugin CreatePlugin(out string? directory)
    {
        directory = null;
        var device = OpensAnew ? Emulator : Kept.Found;
        return new GpuPlugin(() => [AllLanes ? device : device with { Facts = device.Facts with { GroupSize = 1, TileGroupSize = 1 } }]);
    }
}
