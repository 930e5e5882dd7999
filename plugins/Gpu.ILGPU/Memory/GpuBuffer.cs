using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Gpu.Drivers;
using ILGPU;

namespace Hotplug.Gpu.Memory;

/// <summary>What buffers of all types have in common.</summary>
internal abstract class GpuBuffer(GpuBufferType type, in BufferRequest request) : IBuffer
{
    private IGpuMemory? _memory;
    private bool _counted;
    private bool _disposed;

    public IBufferType Type => GpuType;

    public GpuBufferType GpuType { get; } = type;

    public AddressRange Range { get; } = request.Range;

    public nuint Length { get; } = request.Length;

    public BufferUsage Usage { get; } = request.Usage;

    public bool IsReadOnly { get; } = request.Backing is { Access: HostAccess.Read };

    /// <summary>What kernels see of it; for the device's thread.</summary>
    public ArrayView<byte> View
    {
        get
        {
            Check();
            return _memory is { } memory ? memory.View : default;
        }
    }

    protected DeviceThread Thread => GpuType.Device.Thread;

    /// <summary>The memory, once it is there.</summary>
    protected void Own(IGpuMemory memory) => _memory = memory;

    /// <summary>Told by a buffer that has come to be.</summary>
    protected void Count()
    {
        _counted = true;
        Thread.AddBuffer();
    }

    public abstract bool TryGetPointer(out nint pointer);

    public abstract void Write(in TensorRef tensor, long firstRow, ReadOnlySpan<byte> rows);

    public abstract void Read(in TensorRef tensor, long firstRow, Span<byte> rows);

    public abstract void Clear(nuint offset, nuint length);

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        try
        {
            if (_memory is { } memory) Thread.Release(memory.Dispose);
        }
        finally
        {
            _memory = null;
            Released();
            if (_counted) Thread.RemoveBuffer();
        }
    }

    /// <summary>Told after the memory is gone, once.</summary>
    protected virtual void Released() { }

    protected void Check() => ObjectDisposedException.ThrowIf(_disposed, this);
}
