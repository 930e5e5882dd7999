namespace Hotplug.Metal.Fake.Shaders;

/// <summary>One dispatch: how many threads, and what they see.</summary>
public readonly ref struct ShaderDispatch
{
    /// <summary>Number of threadgroups.</summary>
    public required ShaderSize Threadgroups { get; init; }

    /// <summary>Threads of each threadgroup.</summary>
    public required ShaderSize ThreadsPerThreadgroup { get; init; }

    /// <summary>Bound buffers and inline bytes, by rising index. May hold more than the kernel has parameters.</summary>
    public required ReadOnlySpan<BoundMemory> Buffers { get; init; }

    /// <summary>Threadgroup memory, by rising index. May hold more than the kernel has parameters.</summary>
    public required ReadOnlySpan<ThreadgroupMemory> Threadgroup { get; init; }

    /// <summary>A number to choose the order of threads and threadgroups by, where the executor can: the same number gives the same order.</summary>
    public int Seed { get; init; }

    /// <summary>Where to report what was read and written, or null. An executor with <see cref="IShaderFunction.Traces"/> false leaves it alone.</summary>
    public IShaderTrace? Trace { get; init; }
}
