using Hotplug.Testing.Suites;

namespace Hotplug.MetalTests.Contract;

public sealed class CompositeOfGpuAndUnified16KiBMapped : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.GpuAnd(new Unified16KiB(), "metal.mapped");
}

public sealed class CompositeOfGpuAndUnified16KiBShared : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.GpuAnd(new Unified16KiB(), "metal.shared");
}

public sealed class CompositeOfGpuAndUnified16KiBPrivate : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.GpuAnd(new Unified16KiB(), "metal.private");
}

public sealed class CompositeOfGpuAndDiscrete4KiBMapped : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.GpuAnd(new Discrete4KiB(), "metal.mapped");
}

public sealed class CompositeOfGpuAndDiscrete4KiBShared : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.GpuAnd(new Discrete4KiB(), "metal.shared");
}

public sealed class CompositeOfGpuAndDiscrete4KiBPrivate : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.GpuAnd(new Discrete4KiB(), "metal.private");
}

public sealed class CompositeOfGpuAndAllUnified16KiB : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.GpuAnd(new Unified16KiB());
}

public sealed class CompositeOfGpuAndAllUnified4KiB : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.GpuAnd(new Unified4KiB());
}

public sealed class CompositeOfGpuAndAllDiscrete16KiB : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.GpuAnd(new Discrete16KiB());
}

public sealed class CompositeOfGpuAndAllDiscrete4KiB : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.GpuAnd(new Discrete4KiB());
}

public sealed class CompositeLoadOfGpuAndUnified16KiBMapped : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.GpuAnd(new Unified16KiB(), "metal.mapped");
}

public sealed class CompositeLoadOfGpuAndUnified16KiBShared : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.GpuAnd(new Unified16KiB(), "metal.shared");
}

public sealed class CompositeLoadOfGpuAndUnified16KiBPrivate : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.GpuAnd(new Unified16KiB(), "metal.private");
}

public sealed class CompositeLoadOfGpuAndDiscrete4KiBMapped : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.GpuAnd(new Discrete4KiB(), "metal.mapped");
}

public sealed class CompositeLoadOfGpuAndDiscrete4KiBShared : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.GpuAnd(new Discrete4KiB(), "metal.shared");
}

public sealed class CompositeLoadOfGpuAndDiscrete4KiBPrivate : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.GpuAnd(new Discrete4KiB(), "metal.private");
}

public sealed class CompositeLoadOfGpuAndAllUnified16KiB : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.GpuAnd(new Unified16KiB());
}

public sealed class CompositeLoadOfGpuAndAllUnified4KiB : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.GpuAnd(new Unified4KiB());
}

public sealed class CompositeLoadOfGpuAndAllDiscrete16KiB : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.GpuAnd(new Discrete16KiB());
}

public sealed class CompositeLoadOfGpuAndAllDiscrete4KiB : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.GpuAnd(new Discrete4KiB());
}
