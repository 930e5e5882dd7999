using Hotplug.Cpu;
using Hotplug.Abstractions.Plugins;
using Hotplug.Testing.Fixtures;
using Hotplug.Testing.Suites;

namespace Hotplug.MetalTests.Contract;

public sealed class CpuFixture : BackendFixture
{
    protected override IBackendPlugin CreatePlugin(out string? directory)
    {
        directory = null;
        return new CpuPlugin();
    }
}

public sealed class CompositeOfCpuAndUnifiedMapped : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new UnifiedFixture(), "metal.mapped")];
}

public sealed class CompositeOfCpuAndUnifiedShared : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new UnifiedFixture(), "metal.shared")];
}

public sealed class CompositeOfCpuAndUnifiedPrivate : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new UnifiedFixture(), "metal.private")];
}

public sealed class CompositeOfCpuAndAllUnified : CompositeSuite
{
    private static readonly UnifiedFixture Mac = new();

    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(Mac, "metal.mapped"), new(new CpuFixture(), "cpu"), new(Mac, "metal.private"), new(Mac, "metal.shared")];
}

public sealed class CompositeOfCpuAndDiscreteMapped : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new DiscreteFixture(), "metal.mapped")];
}

public sealed class CompositeOfCpuAndDiscreteShared : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new DiscreteFixture(), "metal.shared")];
}

public sealed class CompositeOfCpuAndDiscretePrivate : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new DiscreteFixture(), "metal.private")];
}

public sealed class CompositeOfCpuAndAllDiscrete : CompositeSuite
{
    private static readonly DiscreteFixture Mac = new();

    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(Mac, "metal.mapped"), new(new CpuFixture(), "cpu"), new(Mac, "metal.private"), new(Mac, "metal.shared")];
}

public sealed class CompositeLoadOfCpuAndUnifiedMapped : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new UnifiedFixture(), "metal.mapped")];
}

public sealed class CompositeLoadOfCpuAndUnifiedShared : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new UnifiedFixture(), "metal.shared")];
}

public sealed class CompositeLoadOfCpuAndUnifiedPrivate : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new UnifiedFixture(), "metal.private")];
}

public sealed class CompositeLoadOfCpuAndAllUnified : CompositeLoadSuite
{
    private static readonly UnifiedFixture Mac = new();

    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(Mac, "metal.mapped"), new(new CpuFixture(), "cpu"), new(Mac, "metal.private"), new(Mac, "metal.shared")];
}

public sealed class CompositeLoadOfCpuAndDiscreteMapped : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new DiscreteFixture(), "metal.mapped")];
}

public sealed class CompositeLoadOfCpuAndDiscreteShared : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new DiscreteFixture(), "metal.shared")];
}

public sealed class CompositeLoadOfCpuAndDiscretePrivate : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new DiscreteFixture(), "metal.private")];
}

public sealed class CompositeLoadOfCpuAndAllDiscrete : CompositeLoadSuite
{
    private static readonly DiscreteFixture Mac = new();

    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(Mac, "metal.mapped"), new(new CpuFixture(), "cpu"), new(Mac, "metal.private"), new(Mac, "metal.shared")];
}
