using System.Runtime.InteropServices;

namespace Hotplug.Cpu.Programs;

/// <summary>
/// Barrier of the workers of a program: the last to arrive opens it by turning the sense; the others spin, and after a while give way to others on the
/// processor. Reusable without reset.
/// </summary>
internal sealed class SpinBarrier(int workers)
{
    private const int SpinsBeforeYield = 4096;
    private State _state;

    /// <summary>Before a program starts; no worker is inside.</summary>
    public void Reset()
    {
        _state.Arrived = 0;
        _state.Aborted = false;
    }

    /// <summary>Lets everyone go, now and in later waits, because a worker failed or the step was cancelled.</summary>
    public void Abort() => Volatile.Write(ref _state.Aborted, true);

    /// <summary>Waits for the others.</summary>
    /// <returns>False if the program is to be left.</returns>
    public bool Wait()
    {
        if (workers == 1) return !_state.Aborted;
        var sense = Volatile.Read(ref _state.Sense);
        if (Interlocked.Increment(ref _state.Arrived) == workers)
        {
            _state.Arrived = 0;
            Volatile.Write(ref _state.Sense, sense + 1);
            return !Volatile.Read(ref _state.Aborted);
        }
        for (var spins = 0; Volatile.Read(ref _state.Sense) == sense; spins++)
        {
            if (Volatile.Read(ref _state.Aborted)) return false;
            if (spins < SpinsBeforeYield) Thread.SpinWait(1);
            else Thread.Yield();
        }
        return !Volatile.Read(ref _state.Aborted);
    }

    // Arrivals and the word that is spun on lie on different cache lines.
    [StructLayout(LayoutKind.Explicit, Size = 512)]
    private struct State
    {
        [FieldOffset(128)] public int Arrived;
        [FieldOffset(256)] public int Sense;
        [FieldOffset(260)] public bool Aborted;
    }
}
