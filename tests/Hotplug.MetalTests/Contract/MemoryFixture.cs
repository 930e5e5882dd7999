using Hotplug.Metal.Fake;

namespace Hotplug.MetalTests.Contract;

/// <summary>For suites that compute nothing. The four Macs are those of the policy matrix: each kind of memory with each size of pages.</summary>
public abstract class MemoryFixture : MetalFixture
{
    protected override bool RunsKernels => false;
}

/// <summary>Apple silicon.</summary>
public sealed class Unified16KiB : MemoryFixture
{
    public override FakeOptions Mac { get; init; } = new UnifiedFixture().Mac;
}

/// <summary>Apple silicon as a process sees it that was translated: pages of 4 KiB.</summary>
public sealed class Unified4KiB : MemoryFixture
{
    public override FakeOptions Mac { get; init; } = new UnifiedFixture().Mac with { PageSize = 4096 };
}

/// <summary>A card beside pages of 16 KiB, which no Mac has; memory and page size must not depend on each other.</summary>
public sealed class Discrete16KiB : MemoryFixture
{
    public override FakeOptions Mac { get; init; } = new DiscreteFixture().Mac with { PageSize = 16384 };
}

/// <summary>An Intel Mac with a card.</summary>
public sealed class Discrete4KiB : MemoryFixture
{
    public override FakeOptions Mac { get; init; } = new DiscreteFixture().Mac;
}

/// <summary><see cref="Unified4KiB"/> with kernels that compute.</summary>
public sealed class Unified4KiBComputing : MetalFixture
{
    public override FakeOptions Mac { get; init; } = new Unified4KiB().Mac;
}

/// <summary><see cref="Discrete16KiB"/> with kernels that compute.</summary>
public sealed class Discrete16KiBComputing : MetalFixture
{
    public override FakeOptions Mac { get; init; } = new Discrete16KiB().Mac;
}
