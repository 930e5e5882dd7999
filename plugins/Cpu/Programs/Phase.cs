using System.Runtime.InteropServices;

namespace Hotplug.Cpu.Programs;

/// <summary>
/// A stretch of a program between two barriers: all workers run it at the same time and claim its chunks. What a chunk computes does not depend
/// on who claims it.
/// </summary>
internal abstract class Phase
{
    private Counter _next;

    /// <summary>Bytes of scratch a worker needs.</summary>
    public virtual long ScratchBytes => 0;

    /// <summary>Before the workers start.</summary>
    public void Reset() => _next.Value = 0;

    /// <summary>Runs one worker's share.</summary>
    public abstract void Run(StepState state, int worker, int workers);

    /// <summary>Claims the next chunk.</summary>
    protected bool Claim(long chunks, out long chunk)
    {
        chunk = 0;
        // A worker that comes late to a finished phase reads instead of writing.
        if (Volatile.Read(ref _next.Value) >= chunks) return false;
        chunk = Interlocked.Increment(ref _next.Value) - 1;
        return chunk < chunks;
    }

    // Alone on its cache lines (two, for the prefetcher that loads pairs).
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Counter
    {
        [FieldOffset(128)] public long Value;
    }
}
