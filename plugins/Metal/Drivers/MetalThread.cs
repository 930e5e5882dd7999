using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Plugins;
using Hotplug.Accelerators.Queues;
using Hotplug.Metal.Interop.Objects;
using Hotplug.Metal.Memory;

namespace Hotplug.Metal.Drivers;

/// <summary>
/// A device's thread with its queue, opened when it is first needed: a device that nobody uses has no thread and no memory. Members may be called from any thread.
/// Disposing ends the heartbeat, then releases, in this order, staging memory, kernels, residency, queue and thread; the device itself is its owner's.
/// </summary>
internal sealed class MetalThread(IPluginHost host, MetalDevice device, string id, TimeProvider time) : IDisposable
{
    private readonly object _gate = new();
    private CommandQueue? _queue;
    private MetalDriver? _driver;
    private Staging? _staging;
    private Heartbeat? _heartbeat;
    private Transfer? _transfer;
    private int _renewing;
    private int _buffers;
    private bool _disposed;

    /// <summary>True once the device is gone.</summary>
    public bool IsLost => _queue is { IsLost: true };

    /// <summary>The driver; on the device's thread.</summary>
    public MetalDriver Driver => _driver ?? throw new InvalidOperationException("The device has not been opened.");

    /// <summary>Memory for copies of so many bytes; on the device's thread.</summary>
    public Staging StagingFor(long bytes)
    {
        if (_staging is { } known)
        {
            if (known.Length >= bytes) return known;
            _staging = null;
            known.Dispose();
        }
        return _staging = new Staging(host, Driver, bytes);
    }

    /// <summary>Waits for the copies under way, which say only now if they failed; on the device's thread.</summary>
    public void Settle() => _staging?.Settle();

    /// <summary>Waits for the copies under way, whose success nobody needs any more; on the device's thread.</summary>
    public void Forget()
    {
        try
        {
            Settle();
        }
        catch (Exception failure) when (failure is CommandBufferException or BackendException)
        {
        }
    }

    /// <summary>Copies between the host and private memory, and waits until the host's memory may be used again. Makes no objects in steady state.</summary>
    /// <exception cref="BackendException">It failed, or a copy started before has.</exception>
    public void Move(PrivateBuffer buffer, TransferDirection direction, long at, nint memory, int length)
    {
        var queue = Open();
        _heartbeat?.Touch();
        var transfer = Interlocked.Exchange(ref _transfer, null) ?? new Transfer();
        transfer.Take(buffer, direction, at, memory, length);
        queue.Run(transfer);
        // Not after a failure: nobody says that the queue is through with it then.
        _transfer = transfer;
    }

    /// <summary>Notes a buffer that copies may go to.</summary>
    public void AddBuffer() => Interlocked.Increment(ref _buffers);

    /// <summary>Forgets a buffer. With the last one the staging memory goes back to the host.</summary>
    public void RemoveBuffer()
    {
        if (Interlocked.Decrement(ref _buffers) != 0) return;
        Release(() =>
        {
            _staging?.Dispose();
            _staging = null;
        });
    }

    /// <summary>Does something on the device's thread and waits for it.</summary>
    /// <exception cref="BackendException">It failed.</exception>
    public void Run(Action action)
    {
        var queue = Open();
        _heartbeat?.Touch();
        queue.Run(new DeviceAction(action));
    }

    /// <summary>Gives something back on the device's thread; failures of a lost device are of no interest.</summary>
    public void Release(Action action)
    {
        lock (_gate)
            if (_queue is null || _disposed) return;
        try
        {
            _queue.Run(new DeviceAction(action, releases: true));
        }
        catch (BackendException) when (_queue.IsLost) { }
    }

    /// <summary>Starts work.</summary>
    public Fence Submit(IDeviceCommand command)
    {
        var queue = Open();
        _heartbeat?.Touch();
        return queue.Submit(command);
    }

    /// <summary>Waits for all work started so far.</summary>
    public void Drain() => _queue?.Drain();

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
        }
        _heartbeat?.Dispose();
        if (_queue is null) return;
        try
        {
            _queue.Run(new DeviceAction(Close, releases: true));
        }
        catch (BackendException) when (_queue.IsLost) { }
        finally
        {
            _queue.Dispose();
        }
    }

    private CommandQueue Open()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_queue is { } known) return known;
            var queue = new CommandQueue($"metal {id}", e => MetalFaults.Translate(id, e));
            try
            {
                queue.Run(new DeviceAction(() => _driver = new MetalDriver(device, time)));
            }
            catch
            {
                queue.Dispose();
                throw;
            }
            _queue = queue;
            if (_driver!.Residency.IsKept) _heartbeat = new Heartbeat(time, Renew);
            return queue;
        }
    }

    // Behind the work that is queued, and never twice: a long step must not pile them up.
    private void Renew()
    {
        if (Interlocked.Exchange(ref _renewing, 1) != 0) return;
        try
        {
            _queue!.Submit(new DeviceAction(() =>
            {
                Volatile.Write(ref _renewing, 0);
                _driver!.Residency.Renew();
            }));
        }
        catch (BackendException)
        {
            // A lost device has nothing to keep.
        }
    }

    private void Close()
    {
        try
        {
            _staging?.Dispose();
        }
        finally
        {
            _staging = null;
            _driver?.Dispose();
            _driver = null;
        }
    }
}
