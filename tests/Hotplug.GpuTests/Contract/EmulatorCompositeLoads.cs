using Hotplug.Testing.Suites;

namespace Hotplug.GpuTests.Contract;

public sealed class EmulatorLoadPackedAndCpu : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new EmulatorFixture(), "gpu.cpu-emulation"), new(new CpuFixture(), "cpu")];
}

public sealed class EmulatorLoadPlainAndFar : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new EmulatorFixture(), "gpu.cpu-emulation.plain"), new(new FarFixture(), "far")];
}

public sealed class EmulatorLoadHostAndStaging : CompositeLoadSuite
{
    private static readonly EmulatorFixture Gpu = new();

    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(Gpu, "gpu.cpu-emulation.host"), new(Gpu, "gpu.cpu-emulation.staging")];
}

public sealed class EmulatorLoadPackedAndPlainAndCpu : CompositeLoadSuite
{
    private static readonly EmulatorFixture Gpu = new();

    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(Gpu, "gpu.cpu-emulation"), new(Gpu, "gpu.cpu-emulation.plain"), new(new CpuFixture(), "cpu")];
}

public sealed class EmulatorLoadFarPlainAndHostAndStagingAndCpu : CompositeLoadSuite
{
    private static readonly EmulatorFixture Gpu = new();

    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new FarFixture(), "far.plain"), new(Gpu, "gpu.cpu-emulation.host"), new(Gpu, "gpu.cpu-emulation.staging"), new(new CpuFixture(), "cpu")];
}
