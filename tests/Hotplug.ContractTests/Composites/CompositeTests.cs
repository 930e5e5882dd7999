using Hotplug.ContractTests.Cpu;
using Hotplug.ContractTests.Far;
using Hotplug.ContractTests.Tiny;
using Hotplug.Testing.Suites;

namespace Hotplug.ContractTests.Composites;

public sealed class CpuAndFar : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new FarFixture(), "far")];
}

public sealed class FarAndFarPlain : CompositeSuite
{
    private static readonly FarFixture Far = new();

    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(Far, "far"), new(Far, "far.plain")];
}

public sealed class CpuAndTiny : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new TinyFixture(), "tiny")];
}

/// <summary>Two backends of one kind, each with host memory of its own.</summary>
public sealed class CpuAndCpu : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new CpuFixture(), "cpu")];
}

public sealed class CpuAndFarAndTiny : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new FarFixture(), "far"), new(new TinyFixture(), "tiny")];
}

public sealed class CpuAndFarPlainAndTiny : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new TinyFixture(), "tiny"), new(new FarFixture(), "far.plain"), new(new CpuFixture(), "cpu")];
}
