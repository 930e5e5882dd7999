using System.Runtime.InteropServices;

namespace Hotplug.Cpu.Programs;

/// <summary>
/// A stretch of a program that depends on the stretches before it: chunks that the workers claim. What a chunk computes does not depend on who claims it.
/// A phase is over when its chunks are done, not when every worker has come by: a worker that the system has put aside holds nobody up
/// unless it has a chunk in hand.
/// </summary>
internal abstract class Phase
{
    private Counters _counters;

    /// <summary>Bytes of scratch a worker needs.</summary>
    public virtual long ScratchBytes => 0;

    /// <summary>Bytes of scratch that the workers share.</summary>
    public virtual long SharedBytes => 0;

    /// <summary>Number of chunks in this step; the same whichever worker asks.</summary>
    protected abstract long Chunks(StepState state, int workers);

    /// <summary>Computes one chunk.</summary>
    protected abstract void Run(StepState state, int worker, int workers, long chunk);

    /// <summary>Before the workers start.</summary>
    public virtual void Reset() => (_counters.Claimed, _counters.Done) = (0, 0);

    /// <summary>Runs one worker's share: all chunks that it can claim.</summary>
    /// <returns>The number of chunks, for <see cref="IsDone"/>.</returns>
    public long Share(StepState state, int worker, int workers)
    {
        var chunks = Chunks(state, workers);
        long done = 0;
        // Who comes late to a finished phase reads and does not write.
        while (Volatile.Read(ref _counters.Claimed) < chunks)
        {
            var chunk = Interlocked.Increment(ref _counters.Claimed) - 1;
            if (chunk >= chunks) break;
            Run(state, worker, workers, chunk);
            done++;
        }
        if (done != 0) Interlocked.Add(ref _counters.Done, done);
        return chunks;
    }

    /// <summary>True when all chunks are done, and what they wrote can be read.</summary>
    public bool IsDone(long chunks) => Volatile.Read(ref _counters.Done) >= chunks;

    // Each on cache lines of its own (two, for the prefetcher that loads pairs): one is fought for, the other is spun on.
    [StructLayout(LayoutKind.Explicit, Size = 384)]
    private struct Counters
    {
        [FieldOffset(128)] public long Claimed;
        [FieldOffset(256)] public long Done;
    }
}
