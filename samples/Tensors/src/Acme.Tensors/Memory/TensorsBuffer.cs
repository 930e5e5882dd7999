using System.Runtime.InteropServices;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Plugins;
using Hotplug.Abstractions.Tensors;

namespace Acme.Tensors.Memory;

/// <summary>A buffer of the device: answers to the host's addresses, stores in the allocation, takes rows apart and puts them together.</summary>
internal sealed unsafe class TensorsBuffer(TensorsBufferType type, BufferRequest request, IHostAllocation allocation) : IBuffer
{
    private bool _disposed;

    public IBufferType Type => type;

    public AddressRange Range => request.Range;

    public nuint Length => request.Length;

    public BufferUsage Usage => request.Usage;

    public bool IsReadOnly => false;

    /// <summary>The first byte; kernels trust that what they were given lies inside.</summary>
    public byte* Pointer => (byte*)allocation.Pointer;

    public bool TryGetPointer(out nint pointer)
    {
        pointer = 0;
        return false;
    }

    public void Write(in TensorRef tensor, long firstRow, ReadOnlySpan<byte> rows)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var count = TensorAccess.CheckRows(this, tensor, firstRow, rows.Length);
        var standard = (int)tensor.Spec.RowBytes;
        for (var row = 0; row < count; row++) PlaneLayout.Pack(tensor.Spec.Type, rows.Slice(row * standard, standard), Row(tensor, firstRow + row));
    }

    public void Read(in TensorRef tensor, long firstRow, Span<byte> rows)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var count = TensorAccess.CheckRows(this, tensor, firstRow, rows.Length);
        var standard = (int)tensor.Spec.RowBytes;
        for (var row = 0; row < count; row++) PlaneLayout.Unpack(tensor.Spec.Type, Row(tensor, firstRow + row), rows.Slice(row * standard, standard));
    }

    public void Clear(nuint offset, nuint length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        TensorAccess.CheckBytes(this, offset, length);
        NativeMemory.Clear(Pointer + offset, length);
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        allocation.Dispose();
        type.Released(Length);
    }

    // The tensor was checked to lie in the buffer, and the row in the tensor.
    private Span<byte> Row(in TensorRef tensor, long row)
    {
        var bytes = PlaneLayout.RowBytes(tensor.Spec.Type, tensor.Spec.Shape.D0);
        return new Span<byte>(Pointer + tensor.Offset + (nuint)(row * bytes), checked((int)bytes));
    }
}
