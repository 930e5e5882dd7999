using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hotplug.Abstractions.Plugins;

namespace Hotplug.Runtime.Plugins.Services;

/// <summary>
/// Threads of their own, never the pool's: a step of a graph must not wait behind unrelated work. A worker spins for some tens of microseconds for the next
/// task, since tasks follow each other closely within a step, and then sleeps, so that an idle model costs nothing. Where there are fewer processors than
/// workers, spinning would only take time from the one that is waited for: there a waiter gives way and sleeps at once.
/// </summary>
/// <remarks>
/// A run is published by raising <c>Epoch</c>, after which <c>Pending</c> counts the workers down. Both sides sleep by the same rule: announce the sleep,
/// with a full fence, and only then look again; whoever changes the condition changes it, with a full fence, and only then looks for sleepers.
/// One of the two always sees the other.
/// </remarks>
internal sealed class WorkerGroup : IWorkerGroup
{
    private const int Idle = 0, Running = 1, Disposed = 2;

    // What waking a sleeping thread costs, about; longer than most gaps between two tasks of a step.
    private static readonly long SpinTicks = Stopwatch.Frequency / 1_000_000 * 50;
    private static readonly long YieldTicks = Stopwatch.Frequency / 1_000_000 * 20;

    private readonly HostLedger? _ledger;
    private readonly Thread[] _threads;
    private readonly Exception?[] _errors;
    private readonly object _wake = new();
    private readonly object _done = new();
    private readonly bool _spin;
    private IWorkerTask? _task;
    private int _state;
    private int _runner;
    private volatile bool _stop;
    private Shared _shared;

    /// <summary>Starts the threads.</summary>
    /// <param name="name">Prefix of their names.</param>
    /// <param name="count">Workers, the caller of <see cref="Run"/> included.</param>
    /// <param name="ledger">Told when the group is disposed.</param>
    public WorkerGroup(string name, int count, HostLedger? ledger = null)
    {
        (Count, _ledger, _spin) = (count, ledger, count <= Environment.ProcessorCount);
        _errors = new Exception?[count];
        _threads = new Thread[count - 1];
        try
        {
            for (var i = 0; i < _threads.Length; i++)
            {
                var worker = i + 1;
                var thread = new Thread(() => Work(worker)) { IsBackground = true, Name = $"hp-{name}-{worker}" };
                // Without the starter's execution context: an AsyncLocal in it would live as long as the thread.
                thread.UnsafeStart();
                _threads[i] = thread;
            }
        }
        catch
        {
            Stop();
            throw;
        }
    }

    public int Count { get; }

    /// <summary>Workers that sleep at this moment.</summary>
    internal int Sleeping => Volatile.Read(ref _shared.Sleepers);

    public void Run(IWorkerTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        switch (Interlocked.CompareExchange(ref _state, Running, Idle))
        {
            case Running: throw new InvalidOperationException("The worker group is running a task already; it runs one at a time.");
            case Disposed: throw new ObjectDisposedException(nameof(WorkerGroup));
        }
        _runner = Environment.CurrentManagedThreadId;
        if (Count > 1)
        {
            _task = task;
            Volatile.Write(ref _shared.Pending, Count - 1);
            Interlocked.Increment(ref _shared.Epoch);
            if (Volatile.Read(ref _shared.Sleepers) != 0)
                lock (_wake) Monitor.PulseAll(_wake);
        }
        Share(task, 0);
        if (Count > 1) Await();
        (_task, _runner) = (null, 0);
        var failures = Volatile.Read(ref _shared.Failed) == 0 ? null : TakeErrors();
        Volatile.Write(ref _state, Idle);
        if (failures is not null) throw new AggregateException($"{failures.Count} of {Count} workers failed.", failures);
    }

    public void Dispose()
    {
        if (_runner == Environment.CurrentManagedThreadId || Array.IndexOf(_threads, Thread.CurrentThread) >= 0)
            throw new InvalidOperationException("A worker group cannot be disposed from within its own task.");
        var patience = new SpinWait();
        while (true)
        {
            var before = Interlocked.CompareExchange(ref _state, Disposed, Idle);
            if (before == Disposed) return;
            if (before == Idle) break;
            patience.SpinOnce();
        }
        Stop();
        _ledger?.Remove(this);
    }

    private void Stop()
    {
        _stop = true;
        lock (_wake) Monitor.PulseAll(_wake);
        foreach (var thread in _threads) thread?.Join();
    }

    private void Work(int worker)
    {
        var seen = 0;
        while (true)
        {
            if (!SpinForTask(seen)) SleepForTask(seen);
            // A stop comes only between runs, so a new epoch is always run first.
            if (Volatile.Read(ref _shared.Epoch) == seen) return;
            seen++;
            Share(_task!, worker);
            if (Interlocked.Decrement(ref _shared.Pending) == 0 && Volatile.Read(ref _shared.CallerSleeps) != 0)
                lock (_done) Monitor.Pulse(_done);
        }
    }

    private void Share(IWorkerTask task, int worker)
    {
        try
        {
            task.Run(worker, Count);
        }
        catch (Exception thrown)
        {
            _errors[worker] = thrown;
            Volatile.Write(ref _shared.Failed, 1);
        }
    }

    private bool SpinForTask(int seen)
    {
        if (!_spin) Thread.Yield();
        else
        {
            var start = Stopwatch.GetTimestamp();
            while (Volatile.Read(ref _shared.Epoch) == seen && !_stop)
                if (!Pause(start)) break;
        }
        return Volatile.Read(ref _shared.Epoch) != seen || _stop;
    }

    private void SleepForTask(int seen)
    {
        lock (_wake)
        {
            Interlocked.Increment(ref _shared.Sleepers);
            while (Volatile.Read(ref _shared.Epoch) == seen && !_stop) Monitor.Wait(_wake);
            Interlocked.Decrement(ref _shared.Sleepers);
        }
    }

    private void Await()
    {
        if (!_spin) Thread.Yield();
        else
        {
            var start = Stopwatch.GetTimestamp();
            while (Volatile.Read(ref _shared.Pending) != 0)
                if (!Pause(start)) break;
        }
        if (Volatile.Read(ref _shared.Pending) == 0) return;
        lock (_done)
        {
            Interlocked.Exchange(ref _shared.CallerSleeps, 1);
            while (Volatile.Read(ref _shared.Pending) != 0) Monitor.Wait(_done);
            Volatile.Write(ref _shared.CallerSleeps, 0);
        }
    }

    /// <summary>Waits a moment; false when it is time to sleep. Past the first microseconds the one waited for may need this processor: give way.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Pause(long start)
    {
        Thread.SpinWait(8);
        var waited = Stopwatch.GetTimestamp() - start;
        if (waited > YieldTicks) Thread.Yield();
        return waited < SpinTicks;
    }

    private List<Exception> TakeErrors()
    {
        _shared.Failed = 0;
        var taken = _errors.OfType<Exception>().ToList();
        Array.Clear(_errors);
        return taken;
    }

    /// <summary>What all workers poll, each on a cache line of its own (two, since processors fetch pairs).</summary>
    [StructLayout(LayoutKind.Explicit, Size = 512)]
    private struct Shared
    {
        [FieldOffset(128)] public int Epoch;
        [FieldOffset(132)] public int Sleepers;
        [FieldOffset(256)] public int Pending;
        [FieldOffset(260)] public int CallerSleeps;
        [FieldOffset(384)] public int Failed;
    }
}
