using Hotplug.ContractTests.Cpu;
using Hotplug.ContractTests.Far;
using Hotplug.ContractTests.Tiny;
using Hotplug.Testing.Suites;

namespace Hotplug.ContractTests.Composites;

public sealed class LoadCpuAndFar : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new FarFixture(), "far")];
}

public sealed class LoadFarAndFarPlain : CompositeLoadSuite
{
    private static readonly FarFixture Far = new();

    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(Far, "far"), new(Far, "far.plain")];
}

public sealed class LoadCpuAndTiny : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new TinyFixture(), "tiny")];
}

public sealed class LoadCpuAndFarAndTiny : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new FarFixture(), "far"), new(new TinyFixture(), "tiny")];
}

public sealed class LoadCpuAndFarPlainAndTiny : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new FarFixture(), "far.plain"), new(new TinyFixture(), "tiny")];
}
