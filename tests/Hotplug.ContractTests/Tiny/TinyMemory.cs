using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Plugins;

namespace Hotplug.ContractTests.Tiny;

/// <summary>The "memory of the device": handles to allocations that only this class can see.</summary>
internal sealed unsafe class TinyMemory(IPluginHost host, nuint total) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, IHostAllocation> _allocations = [];
    private int _handles;
    private nuint _used;
    private bool _disposed;

    public bool IsLost { get; set; }

    public nuint Total => total;

    public nuint Free { get { lock (_gate) return total - _used; } }

    public int Allocate(nuint length)
    {
        Check();
        lock (_gate)
        {
            if (length > total - _used) throw new OutOfDeviceMemoryException("tiny", length, total - _used, total - _used);
            var allocation = host.Allocate(nuint.Max(length, 1), 64);
            new Span<byte>((void*)allocation.Pointer, (int)allocation.Length).Fill(0xFF);
            _allocations.Add(++_handles, allocation);
            _used += length;
            return _handles;
        }
    }

    public void Return(int handle, nuint length)
    {
        lock (_gate)
        {
            if (!_allocations.Remove(handle, out var allocation)) return;
            allocation.Dispose();
            _used -= length;
        }
    }

    /// <summary>The bytes behind a handle: the only way to them.</summary>
    public Span<byte> Open(int handle)
    {
        Check();
        lock (_gate)
        {
            var allocation = _allocations[handle];
            return new Span<byte>((void*)allocation.Pointer, (int)allocation.Length);
        }
    }

    public void Check()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (IsLost) throw new DeviceLostException("Tiny was pulled out. Load the model on another device.");
    }

    public void Dispose() => _disposed = true;
}
