using System.Runtime.ExceptionServices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Faults;

namespace Hotplug.Accelerators.Queues;

/// <summary>
/// The one thread that talks to a device's driver, and the work it has been given, done in order of submission. Drivers bind contexts to threads and keep state per
/// thread; with one thread of our own nothing of it is left behind on a thread of the host. Members may be called from any thread; submitting allocates nothing in steady state.
/// Disposing does what is queued, then ends the thread and waits for it.
/// </summary>
public sealed class CommandQueue : IFenceSource, IDisposable
{
    private const int FaultsKept = 256;

    private readonly object _gate = new();
    private readonly Queue<IDeviceCommand> _pending = new();
    private readonly Dictionary<long, BackendException> _faults = [];
    private readonly Func<Exception, BackendException> _translate;
    private readonly Thread _thread;
    private long _submitted;
    private long _completed;
    private bool _ending;
    private DeviceLostException? _lost;

    /// <summary>Starts the thread.</summary>
    /// <param name="name">Name of the thread, for diagnostics.</param>
    /// <param name="translate">Makes a typed error of what a driver throws; never throws itself.</param>
    public CommandQueue(string name, Func<Exception, BackendException> translate)
    {
        _translate = translate;
        _thread = new Thread(Work) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>True once a command has found the device lost; every later one fails at once.</summary>
    public bool IsLost => Volatile.Read(ref _lost) is not null;

    /// <summary>Adds work and returns at once.</summary>
    /// <exception cref="ObjectDisposedException">The queue has ended.</exception>
    /// <exception cref="DeviceLostException">The device is gone.</exception>
    public Fence Submit(IDeviceCommand command) => new(this, Enqueue(command));

    /// <summary>Does work and waits for it.</summary>
    /// <exception cref="BackendException">It failed.</exception>
    public void Run(IDeviceCommand command)
    {
        var token = Enqueue(command);
        Wait(token, Timeout.InfiniteTimeSpan);
        if (Fault(token) is not { } fault) return;
        // The trace of the queue's thread says where it happened.
        ExceptionDispatchInfo.Throw(fault);
    }

    /// <summary>Waits for all work submitted so far; failures are their fences' affair.</summary>
    public void Drain()
    {
        lock (_gate)
        {
            var token = _submitted;
            while (_completed < token) Monitor.Wait(_gate);
        }
    }

    /// <inheritdoc/>
    public bool IsComplete(long token)
    {
        lock (_gate) return token <= _completed;
    }

    /// <inheritdoc/>
    public bool Wait(long token, TimeSpan timeout)
    {
        var deadline = timeout == Timeout.InfiniteTimeSpan ? long.MaxValue : Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        lock (_gate)
        {
            while (token > _completed)
            {
                if (deadline == long.MaxValue)
                {
                    Monitor.Wait(_gate);
                    continue;
                }
                var left = deadline - Environment.TickCount64;
                if (left <= 0 || !Monitor.Wait(_gate, (int)Math.Min(left, int.MaxValue))) return token <= _completed;
            }
            return true;
        }
    }

    /// <inheritdoc/>
    public BackendException? Fault(long token)
    {
        lock (_gate) return _faults.GetValueOrDefault(token);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _ending = true;
            Monitor.PulseAll(_gate);
        }
        _thread.Join();
    }

    private long Enqueue(IDeviceCommand command)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_ending, this);
            if (_lost is { } lost && !command.Releases) throw new DeviceLostException(lost.Message, lost);
            _pending.Enqueue(command);
            Monitor.PulseAll(_gate);
            return ++_submitted;
        }
    }

    private void Work()
    {
        while (true)
        {
            IDeviceCommand? command;
            lock (_gate)
            {
                while (!_pending.TryPeek(out command))
                {
                    if (_ending) return;
                    Monitor.Wait(_gate);
                }
            }
            var fault = Execute(command);
            lock (_gate)
            {
                _pending.Dequeue();
                _completed++;
                if (fault is not null)
                {
                    if (fault is DeviceLostException lost) Volatile.Write(ref _lost, _lost ?? lost);
                    _faults.Add(_completed, fault);
                    _faults.Remove(_completed - FaultsKept);
                }
                Monitor.PulseAll(_gate);
            }
        }
    }

    private BackendException? Execute(IDeviceCommand command)
    {
        try
        {
            if (_lost is { } lost && !command.Releases) return lost;
            command.Execute();
            return null;
        }
        catch (BackendException fault)
        {
            return fault;
        }
        catch (OperationCanceledException exception)
        {
            return new DeviceFault(FaultKind.Cancelled, "The step was cancelled.", exception);
        }
        catch (Exception exception)
        {
            return _translate(exception);
        }
        finally
        {
            command.Completed();
        }
    }
}
