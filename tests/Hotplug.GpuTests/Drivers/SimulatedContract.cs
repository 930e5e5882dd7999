using Hotplug.GpuTests.Contract;
using Hotplug.Testing.Suites;

namespace Hotplug.GpuTests.Drivers;

public sealed class SimulatedDeviceLossTests : DeviceLossSuite<SimulatedFixture>;

public sealed class SmallMemoryPressureTests : MemoryPressureSuite<SmallSimulatedFixture>
{
    public override string BufferTypeName => "gpu.simulated";
}

public sealed class SmallPlainMemoryPressureTests : MemoryPressureSuite<SmallSimulatedFixture>
{
    public override string BufferTypeName => "gpu.simulated.plain";
}

public sealed class TightLoadPackedAndCpu : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new TightSimulatedFixture(), "gpu.simulated"), new(new CpuFixture(), "cpu")];
}
