namespace Hotplug.MslExecutor;

/// <summary>How shaders are compiled and run.</summary>
public sealed record ExecutorOptions
{
    /// <summary>
    /// Check every access to memory: outside of what is bound, written though bound for reading, or racing with another thread of the dispatch is a fault, and
    /// what a dispatch touched is traced. Some twenty times slower; for kernels by themselves.
    /// </summary>
    public bool Checked { get; init; }

    /// <summary>Operating-system threads for the threadgroups of a large dispatch; 1 when <see cref="Checked"/>.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Most threads of a threadgroup, 1 to 1024.</summary>
    public int MaxThreadsPerThreadgroup { get; init; } = 1024;
}
