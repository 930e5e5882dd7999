using Hotplug.Testing.Suites;

namespace Hotplug.MetalTests.Contract;

public sealed class CompositeOfCpuAndUnified16KiBMapped : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.CpuAnd(new Unified16KiB(), "metal.mapped");
}

public sealed class CompositeOfCpuAndUnified16KiBShared : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.CpuAnd(new Unified16KiB(), "metal.shared");
}

public sealed class CompositeOfCpuAndUnified16KiBPrivate : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.CpuAnd(new Unified16KiB(), "metal.private");
}

public sealed class CompositeOfCpuAndDiscrete4KiBMapped : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.CpuAnd(new Discrete4KiB(), "metal.mapped");
}

public sealed class CompositeOfCpuAndDiscrete4KiBShared : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.CpuAnd(new Discrete4KiB(), "metal.shared");
}

public sealed class CompositeOfCpuAndDiscrete4KiBPrivate : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.CpuAnd(new Discrete4KiB(), "metal.private");
}

public sealed class CompositeOfCpuAndAllUnified16KiB : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.CpuAnd(new Unified16KiB());
}

public sealed class CompositeOfCpuAndAllUnified4KiB : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.CpuAnd(new Unified4KiB());
}

public sealed class CompositeOfCpuAndAllDiscrete16KiB : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.CpuAnd(new Discrete16KiB());
}

public sealed class CompositeOfCpuAndAllDiscrete4KiB : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.CpuAnd(new Discrete4KiB());
}

public sealed class CompositeLoadOfCpuAndUnified16KiBMapped : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.CpuAnd(new Unified16KiB(), "metal.mapped");
}

public sealed class CompositeLoadOfCpuAndUnified16KiBShared : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.CpuAnd(new Unified16KiB(), "metal.shared");
}

public sealed class CompositeLoadOfCpuAndUnified16KiBPrivate : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.CpuAnd(new Unified16KiB(), "metal.private");
}

public sealed class CompositeLoadOfCpuAndDiscrete4KiBMapped : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.CpuAnd(new Discrete4KiB(), "metal.mapped");
}

public sealed class CompositeLoadOfCpuAndDiscrete4KiBShared : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.CpuAnd(new Discrete4KiB(), "metal.shared");
}

public sealed class CompositeLoadOfCpuAndDiscrete4KiBPrivate : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.CpuAnd(new Discrete4KiB(), "metal.private");
}

public sealed class CompositeLoadOfCpuAndAllUnified16KiB : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.CpuAnd(new Unified16KiB());
}

public sealed class CompositeLoadOfCpuAndAllUnified4KiB : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.CpuAnd(new Unified4KiB());
}

public sealed class CompositeLoadOfCpuAndAllDiscrete16KiB : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.CpuAnd(new Discrete16KiB());
}

public sealed class CompositeLoadOfCpuAndAllDiscrete4KiB : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.CpuAnd(new Discrete4KiB());
}
