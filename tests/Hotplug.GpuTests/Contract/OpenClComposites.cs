using Hotplug.Testing.Suites;
using Xunit;

namespace Hotplug.GpuTests.Contract;

[Collection(DeviceCollections.OpenCl)]
public sealed class OpenClPackedAndCpu : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new OpenClFixture(), "gpu.opencl-cpu"), new(new CpuFixture(), "cpu")];
}

[Collection(DeviceCollections.OpenCl)]
public sealed class OpenClPlainAndStaging : CompositeSuite
{
    private static readonly OpenClFixture Gpu = new();

    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(Gpu, "gpu.opencl-cpu.plain"), new(Gpu, "gpu.opencl-cpu.staging")];
}

[Collection(DeviceCollections.OpenCl)]
public sealed class OpenClPackedAndPlainAndFar : CompositeSuite
{
    private static readonly OpenClFixture Gpu = new();

    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(Gpu, "gpu.opencl-cpu"), new(Gpu, "gpu.opencl-cpu.plain"), new(new FarFixture(), "far")];
}

[Collection(DeviceCollections.OpenCl)]
public sealed class OpenClCpuAndStagingAndFarPlain : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new OpenClFixture(), "gpu.opencl-cpu.staging"), new(new FarFixture(), "far.plain")];
}
