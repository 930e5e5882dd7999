using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Plugins;

namespace Acme.Plugin_1.Memory;

/// <summary>
/// The device's memory: the one class that talks to a driver. Here the "driver" is memory lent by the host, which counts it; nobody else sees it.
/// Queries come from any thread.
/// </summary>
internal sealed class Heap(IPluginHost host, nuint capacity) : IDisposable
{
    private const nuint Alignment = 64;

    private readonly Lock _gate = new();
    private nuint _used;
    private bool _disposed;

    /// <summary>Set when the driver says that the device is gone: from then on every call fails in the same way.</summary>
    public bool IsLost { get; set; }

    public DeviceMemory Query()
    {
        if (IsLost) return default;
        lock (_gate) return new(capacity, capacity - _used);
    }

    /// <summary>Allocates; the content is undefined.</summary>
    /// <exception cref="OutOfDeviceMemoryException">No room. Nothing is held.</exception>
    public IHostAllocation Allocate(string bufferType, nuint bytes)
    {
        ThrowIfLost();
        lock (_gate)
        {
            if (bytes > capacity - _used) throw new OutOfDeviceMemoryException(bufferType, bytes, capacity - _used, capacity - _used);
            var allocation = host.Allocate(nuint.Max(bytes, 1), Alignment);
            _used += bytes;
            return allocation;
        }
    }

    public void Free(IHostAllocation allocation, nuint bytes)
    {
        lock (_gate) _used -= bytes;
        allocation.Dispose();
    }

    public void ThrowIfLost()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (IsLost) throw new DeviceLostException("plugin-id is gone. Load the model on another device.");
    }

    public void Dispose() => _disposed = true;
}
