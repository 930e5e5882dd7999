using System.Diagnostics;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Faults;
using Hotplug.FarMemory.Faults;

namespace Hotplug.FarMemory.Execution;

/// <summary>
/// Work in order of submission. The queue has no thread: waiting for a fence, polling it, or any other call on the device drives the work, one operation at a time, so
/// that nothing is done by itself and whoever forgets to wait reads what was there before. Safe from any thread.
/// </summary>
internal sealed class FarQueue(FarFaults faults) : IFenceSource
{
    private const int FaultsKept = 256;

    private readonly Queue<FarWork> _pending = new();
    private readonly Dictionary<long, BackendException> _faults = [];
    private long _submitted;
    private long _completed;

    /// <summary>Held by whoever touches the device.</summary>
    public object Gate { get; } = new();

    /// <summary>Takes work; returns its number.</summary>
    public long Submit(FarWork work)
    {
        lock (Gate)
        {
            _pending.Enqueue(work);
            return ++_submitted;
        }
    }

    /// <summary>Does all work.</summary>
    public void Drain()
    {
        lock (Gate)
            while (_pending.Count != 0) Advance();
    }

    /// <summary>Ends all work with a fault.</summary>
    public void Abandon(BackendException fault)
    {
        lock (Gate)
            while (_pending.Count != 0) Complete(fault);
    }

    public bool IsComplete(long token)
    {
        lock (Gate)
        {
            if (token > _completed) Advance();
            return token <= _completed;
        }
    }

    public bool Wait(long token, TimeSpan timeout)
    {
        // Says that the work is done, whatever it is.
        if (faults.At(FarCall.FenceWait)) return true;
        var started = Stopwatch.GetTimestamp();
        while (!IsComplete(token))
            if (timeout != Timeout.InfiniteTimeSpan && Stopwatch.GetElapsedTime(started) >= timeout) return false;
        return true;
    }

    public BackendException? Fault(long token)
    {
        if (faults.At(FarCall.FenceFault)) return new FarFault((FaultKind)99, null!, null);
        lock (Gate) return _faults.GetValueOrDefault(token);
    }

    private void Advance()
    {
        BackendException? fault = null;
        try
        {
            if (!_pending.Peek().Advance()) return;
        }
        catch (BackendException thrown)
        {
            fault = thrown;
        }
        catch (OperationCanceledException thrown)
        {
            fault = new FarFault(FaultKind.Cancelled, "The step was cancelled.", thrown);
        }
        catch (Exception thrown)
        {
            fault = new FarFault(FaultKind.Defect, $"The step failed: {thrown.Message}", thrown);
        }
        Complete(fault);
    }

    private void Complete(BackendException? fault)
    {
        _pending.Dequeue().Recycle();
        _completed++;
        if (fault is null) return;
        _faults.Add(_completed, fault);
        _faults.Remove(_completed - FaultsKept);
    }
}
