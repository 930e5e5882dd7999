using Hotplug.Testing.Suites;
using Xunit;

namespace Hotplug.GpuTests.Contract;

[Collection(DeviceCollections.OpenCl)]
public sealed class OpenClLoadPackedAndCpu : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new OpenClFixture(), "gpu.opencl-cpu"), new(new CpuFixture(), "cpu")];
}

[Collection(DeviceCollections.OpenCl)]
public sealed class OpenClLoadPlainAndStaging : CompositeLoadSuite
{
    private static readonly OpenClFixture Gpu = new();

    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(Gpu, "gpu.opencl-cpu.plain"), new(Gpu, "gpu.opencl-cpu.staging")];
}

[Collection(DeviceCollections.OpenCl)]
public sealed class OpenClLoadPackedAndPlainAndFar : CompositeLoadSuite
{
    private static readonly OpenClFixture Gpu = new();

    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(Gpu, "gpu.opencl-cpu"), new(Gpu, "gpu.opencl-cpu.plain"), new(new FarFixture(), "far")];
}

[Collection(DeviceCollections.OpenCl)]
public sealed class OpenClLoadCpuAndStagingAndFarPlain : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new OpenClFixture(), "gpu.opencl-cpu.staging"), new(new FarFixture(), "far.plain")];
}
