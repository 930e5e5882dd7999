using Hotplug.Abstractions.Faults;
using Hotplug.Runtime.Faults;

namespace Hotplug.Runtime.Execution;

/// <summary>
/// The one thread on which a device is called: it gives the device its order, and it is what can be given up when a call does not come back. Whatever a plugin
/// throws ends here as text.
/// </summary>
internal sealed class DeviceLane : IDisposable
{
    private readonly SemaphoreSlim _work = new(0);
    private readonly SemaphoreSlim _done = new(0);
    private readonly Lock _entry = new();
    private readonly Thread _thread;
    private readonly TimeSpan _timeout;
    private IDeviceWork? _current;
    private BackendFaultException? _fault;
    private OperationCanceledException? _cancelled;
    private volatile bool _hung;
    private string _hungCall = "";
    private bool _disposed;

    /// <summary>Starts the thread.</summary>
    /// <param name="device">Name of the device, for the thread and for messages.</param>
    /// <param name="timeout">How long one call may take.</param>
    public DeviceLane(string device, TimeSpan timeout)
    {
        Device = device;
        _timeout = timeout;
        _thread = new Thread(Loop) { IsBackground = true, Name = $"hotplug-device-{device}" };
        _thread.UnsafeStart();
    }

    public string Device { get; }

    /// <summary>True once a call did not come back in time; the device is not called again.</summary>
    public bool IsHung => _hung;

    /// <summary>The last failure of the device, or null: what a failed step asks to learn which of its devices it was.</summary>
    public BackendFaultException? LastFault { get; private set; }

    /// <summary>Runs work on the device's thread and waits for it.</summary>
    /// <exception cref="BackendFaultException">The plugin threw, or did not come back in time.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public void Run(IDeviceWork work)
    {
        // What is disposed on the lane disposes buffers, which come here again.
        if (Thread.CurrentThread == _thread)
        {
            work.Execute();
            return;
        }
        lock (_entry)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_hung) throw LastFault = Hung();
            _current = work;
            _work.Release();
            if (!_done.Wait(_timeout))
            {
                (_hungCall, _hung) = (work.Name, true);
                throw LastFault = Hung();
            }
            if (_cancelled is { } cancelled)
            {
                _cancelled = null;
                throw new OperationCanceledException(cancelled.Message, cancelled.CancellationToken);
            }
            if (_fault is { } fault)
            {
                _fault = null;
                LastFault = fault;
                throw fault;
            }
        }
    }

    /// <summary>Runs a function on the device's thread; for calls outside of steps.</summary>
    public T Run<T>(Func<T> function, string what = "a call")
    {
        var work = new FunctionWork<T>(function, what);
        Run(work);
        return work.Result!;
    }

    /// <summary>Runs an action on the device's thread; for calls outside of steps.</summary>
    public void Run(Action action, string what = "a call") => Run(() =>
    {
        action();
        return 0;
    }, what);

    public void Dispose()
    {
        lock (_entry)
        {
            if (_disposed) return;
            _disposed = true;
            _current = null;
            _work.Release();
        }
        // A hung call keeps its thread; waiting for it would hang the host as well.
        if (!_hung && Thread.CurrentThread != _thread) _thread.Join();
    }

    private BackendFaultException Hung() => new(FaultKind.TimedOut, Device, _hungCall, $"no answer within {_timeout.TotalSeconds:0.#} s; the device is not called again");

    private void Loop()
    {
        while (true)
        {
            _work.Wait();
            if (_current is not { } work) return;
            try
            {
                work.Execute();
            }
            catch (OperationCanceledException e)
            {
                _cancelled = new OperationCanceledException(e.Message, e.CancellationToken);
            }
            catch (BackendException e) when (e.Kind == FaultKind.Cancelled)
            {
                // What was cancelled behind a fence comes back as a fault; to the caller it is the same thing.
                _cancelled = new OperationCanceledException(e.Message);
            }
            catch (Exception e)
            {
                _fault = BackendCall.Translate(Device, work.Name, e);
            }
            _current = null;
            _done.Release();
        }
    }

    private sealed class FunctionWork<T>(Func<T> function, string name) : IDeviceWork
    {
        public T? Result { get; private set; }

        public string Name => name;

        public void Execute() => Result = function();
    }
}
