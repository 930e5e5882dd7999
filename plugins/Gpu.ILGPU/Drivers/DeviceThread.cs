using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Plugins;
using Hotplug.Accelerators.Queues;

namespace Hotplug.Gpu.Drivers;

/// <summary>
/// A device's thread with its driver, opened when it is first needed: an accelerator that nobody uses has no context, no thread and no memory. Members may be called from
/// any thread. Disposing releases, in this order, staging memory, kernels, accelerator, context and thread.
/// </summary>
internal sealed class DeviceThread : IDisposable
{
    private readonly object _gate = new();
    private readonly IPluginHost _host;
    private readonly Func<IGpuDriver> _open;
    private CommandQueue? _queue;
    private IGpuDriver? _driver;
    private Staging? _staging;
    private int _buffers;
    private bool _disposed;

    /// <param name="host">Lends staging memory.</param>
    /// <param name="facts">What the device is.</param>
    /// <param name="open">Opens the driver; called on the device's thread.</param>
    public DeviceThread(IPluginHost host, DriverFacts facts, Func<IGpuDriver> open) => (_host, Facts, _open) = (host, facts, open);

    public DriverFacts Facts { get; }

    /// <summary>True once the device is gone.</summary>
    public bool IsLost => _queue is { IsLost: true };

    /// <summary>The driver; on the device's thread, or anywhere for what its documentation allows.</summary>
    public IGpuDriver Driver => _driver ?? throw new InvalidOperationException("The device has not been opened.");

    /// <summary>Memory for copies of rows of so many bytes; on the device's thread, with no copy under way.</summary>
    public Staging StagingFor(long rowBytes)
    {
        if (_staging is { } known)
        {
            if (known.HalfBytes >= rowBytes) return known;
            _staging = null;
            known.Dispose();
        }
        return _staging = new Staging(_host, Driver, rowBytes);
    }

    /// <summary>Opens the device if that has not happened yet.</summary>
    /// <exception cref="BackendException">It cannot be opened.</exception>
    public CommandQueue Open()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_queue is { } known) return known;
            var queue = new CommandQueue($"gpu {Facts.Id}", e => DriverFaults.Translate(Facts.Id, e));
            try
            {
                queue.Run(new DeviceAction(() => _driver = _open()));
            }
            catch
            {
                queue.Dispose();
                throw;
            }
            return _queue = queue;
        }
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
    public void Run(Action action) => Open().Run(new DeviceAction(action));

    /// <summary>Gives something back on the device's thread; failures of a lost device are of no interest.</summary>
    public void Release(Action action)
    {
        lock (_gate)
            if (_queue is null) return;
        try
        {
            _queue.Run(new DeviceAction(action, releases: true));
        }
        catch (BackendException) when (_queue.IsLost) { }
    }

    /// <summary>Starts work.</summary>
    public Fence Submit(IDeviceCommand command) => Open().Submit(command);

    /// <summary>Waits for all work started so far.</summary>
    public void Drain() => _queue?.Drain();

    /// <summary>The driver's word, or what is known without one.</summary>
    public DeviceMemory QueryMemory()
    {
        if (_queue is { IsLost: true }) return new(null, null);
        try
        {
            // Only an open context can tell what is free.
            if (Facts.ReportsFree) Open();
        }
        catch (BackendException)
        {
            return new(null, null);
        }
        catch (ObjectDisposedException)
        {
            return new(null, null);
        }
        return _driver?.QueryMemory() ?? new((ulong?)Facts.TotalMemory, null);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
        }
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
