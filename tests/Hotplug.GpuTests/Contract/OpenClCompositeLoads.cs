using Hotplug.Testing.Suites;

namespace Hotplug.GpuTests.Contract;

public sealed class OpenClLoadPackedAndCpu : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new OpenClFixture(), "gpu.opencl-cpu"), new(new CpuFixture(), "cpu")];
}

public sealed class OpenClLoadPlainAndStaging : CompositeLoadSuite
{
    private static readonly OpenClFixture Gpu = new();

    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(Gpu, "gpu.opencl-cpu.plain"), new(Gpu, "gpu.opencl-cpu.staging")];
}

public sealed class OpenClLoadPackedAndPlainAndFar : CompositeLoadSuite
{
    private static readonly OpenClFixture Gpu = new();

    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(Gpu, "gpu.opencl-cpu"), new(Gpu, "gpu.opencl-cpu.plain"), new(new FarFixture(), "far")];
}

public sealed class OpenClLoadCpuAndStagingAndFarPlain : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new OpenClFixture(), "gpu.opencl-cpu.staging"), new(new FarFixture(), "far.plain")];
}
