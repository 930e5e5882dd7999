using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Queues;
using Hotplug.Metal.Drivers;
using Hotplug.Metal.Interop.Objects;

namespace Hotplug.Metal.Memory;

/// <summary>What buffers of all types have in common. Owns the object that kernels see; an empty buffer has none.</summary>
internal abstract class PlacedBuffer : IBuffer
{
    private MetalBuffer? _memory;
    private bool _disposed;

    protected PlacedBuffer(MetalBufferType type, in BufferRequest request)
    {
        (MetalType, Range, Length, Usage) = (type, request.Range, request.Length, request.Usage);
        IsReadOnly = request.Backing is { Access: HostAccess.Read };
    }

    public IBufferType Type => MetalType;

    public MetalBufferType MetalType { get; }

    public AddressRange Range { get; }

    public nuint Length { get; }

    public BufferUsage Usage { get; }

    public bool IsReadOnly { get; }

    /// <summary>What kernels see, or null for an empty buffer; for the device's thread.</summary>
    public MetalBuffer? Memory
    {
        get
        {
            Check();
            return _memory;
        }
    }

    protected MetalThread Thread => MetalType.Device.Thread;

    public abstract bool TryGetPointer(out nint pointer);

    public void Write(in TensorRef tensor, long firstRow, ReadOnlySpan<byte> rows)
    {
        Check();
        TensorAccess.CheckWritable(this);
        TensorAccess.CheckRows(this, tensor, firstRow, rows.Length);
        Put(tensor.Offset + (nuint)(firstRow * tensor.Spec.RowBytes), rows);
    }

    public void Read(in TensorRef tensor, long firstRow, Span<byte> rows)
    {
        Check();
        TensorAccess.CheckRows(this, tensor, firstRow, rows.Length);
        Fetch(tensor.Offset + (nuint)(firstRow * tensor.Spec.RowBytes), rows);
    }

    public void Clear(nuint offset, nuint length)
    {
        Check();
        TensorAccess.CheckWritable(this);
        TensorAccess.CheckBytes(this, offset, length);
        if (length != 0) Zero(offset, length);
    }

    /// <summary>Stores bytes, which lie in the buffer, after all work started earlier.</summary>
    public abstract void Put(nuint offset, ReadOnlySpan<byte> bytes);

    /// <summary>Reads bytes, which lie in the buffer, after all work started earlier.</summary>
    public abstract void Fetch(nuint offset, Span<byte> bytes);

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        if (_memory is not { } memory) return;
        _memory = null;
        var stuck = false;
        try
        {
            Thread.Release(() =>
            {
                Thread.Forget();
                stuck = Thread.Driver.IsStuck;
                try
                {
                    if (!IsReadOnly) Thread.Driver.Residency.Remove(memory);
                }
                finally
                {
                    memory.Dispose();
                }
            });
        }
        finally
        {
            MetalType.Device.Budget.Return((long)Length);
            Thread.RemoveBuffer();
        }
        // Metal keeps its own memory as long as the device works on it, and cannot keep the host's.
        if (stuck && MetalType.Traits.HostVisible)
            throw new DeviceFault(FaultKind.TimedOut, $"{MetalType.Device.Info.Id} has been given up with work that did not end and may still touch the memory of {Type.Name} at {Range}.");
    }

    /// <summary>Zeroes bytes, which lie in the buffer, after all work started earlier.</summary>
    protected abstract void Zero(nuint offset, nuint length);

    /// <summary>Makes the object that kernels see, on the device's thread; for constructors.</summary>
    /// <param name="make">Gives null where the device has no room.</param>
    protected void Make(Func<MetalDevice, MetalBuffer?> make)
    {
        var device = MetalType.Device;
        device.Budget.Take(Type.Name, (long)Length);
        try
        {
            Thread.Run(() =>
            {
                var made = make(Thread.Driver.Device) ?? throw new OutOfDeviceMemoryException(Type.Name, Length, (nuint?)device.QueryMemory().Free);
                try
                {
                    // A mapped file stays in memory if its pages are locked, which is the host's to decide; residency would wire them unasked.
                    if (!IsReadOnly) Thread.Driver.Residency.Add(made);
                }
                catch
                {
                    made.Dispose();
                    throw;
                }
                _memory = made;
            });
        }
        catch
        {
            device.Budget.Return((long)Length);
            throw;
        }
        Thread.AddBuffer();
    }

    protected void Check() => ObjectDisposedException.ThrowIf(_disposed, this);
}
