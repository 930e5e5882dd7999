using Hotplug.Testing.Suites;

namespace Hotplug.GpuTests.Contract;

public sealed class OpenClPackedAndCpu : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new OpenClFixture(), "gpu.opencl-cpu"), new(new CpuFixture(), "cpu")];
}

public sealed class OpenClPlainAndStaging : CompositeSuite
{
    private static readonly OpenClFixture Gpu = new();

    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(Gpu, "gpu.opencl-cpu.plain"), new(Gpu, "gpu.opencl-cpu.staging")];
}

public sealed class OpenClPackedAndPlainAndFar : CompositeSuite
{
    private static readonly OpenClFixture Gpu = new();

    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(Gpu, "gpu.opencl-cpu"), new(Gpu, "gpu.opencl-cpu.plain"), new(new FarFixture(), "far")];
}

public sealed class OpenClCpuAndStagingAndFarPlain : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new OpenClFixture(), "gpu.opencl-cpu.staging"), new(new FarFixture(), "far.plain")];
}
