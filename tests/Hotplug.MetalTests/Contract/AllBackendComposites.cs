using Hotplug.Testing.Suites;

namespace Hotplug.MetalTests.Contract;

public sealed class CompositeOfCpuAndGpuAndUnified16KiB : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.AllWith(new Unified16KiB());
}

public sealed class CompositeOfCpuAndGpuAndUnified4KiB : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.AllWith(new Unified4KiB());
}

public sealed class CompositeOfCpuAndGpuAndDiscrete16KiB : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.AllWith(new Discrete16KiB());
}

public sealed class CompositeOfCpuAndGpuAndDiscrete4KiB : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.AllWith(new Discrete4KiB());
}

public sealed class CompositeLoadOfCpuAndGpuAndUnified16KiB : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.AllWith(new Unified16KiB());
}

public sealed class CompositeLoadOfCpuAndGpuAndUnified4KiB : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.AllWith(new Unified4KiB());
}

public sealed class CompositeLoadOfCpuAndGpuAndDiscrete16KiB : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.AllWith(new Discrete16KiB());
}

public sealed class CompositeLoadOfCpuAndGpuAndDiscrete4KiB : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = Mixtures.AllWith(new Discrete4KiB());
}
