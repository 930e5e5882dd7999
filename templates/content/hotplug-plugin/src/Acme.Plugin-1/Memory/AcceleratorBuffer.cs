using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Plugins;
using Hotplug.Abstractions.Tensors;

namespace Acme.Plugin_1.Memory;

/// <summary>
/// A buffer on the device. It answers to the addresses that the host gave it, which are not memory; its bytes are in the allocation.
/// </summary>
internal sealed unsafe class AcceleratorBuffer(AcceleratorBufferType type, BufferRequest request, IHostAllocation allocation) : IBuffer
{
    private bool _disposed;

    public IBufferType Type => type;

    public AddressRange Range => request.Range;

    public nuint Length => request.Length;

    public BufferUsage Usage => request.Usage;

    public bool IsReadOnly => false;

    /// <summary>The device's own pointer.</summary>
    public byte* Pointer => (byte*)allocation.Pointer;

    // True only for types that are host-visible, and then it is the base address.
    public bool TryGetPointer(out nint pointer)
    {
        pointer = 0;
        return false;
    }

    public void Write(in TensorRef tensor, long firstRow, ReadOnlySpan<byte> rows)
    {
        Check();
        TensorAccess.CheckRows(this, tensor, firstRow, rows.Length);
        rows.CopyTo(new Span<byte>(Row(tensor, firstRow), rows.Length));
    }

    public void Read(in TensorRef tensor, long firstRow, Span<byte> rows)
    {
        Check();
        TensorAccess.CheckRows(this, tensor, firstRow, rows.Length);
        new ReadOnlySpan<byte>(Row(tensor, firstRow), rows.Length).CopyTo(rows);
    }

    public void Clear(nuint offset, nuint length)
    {
        Check();
        TensorAccess.CheckBytes(this, offset, length);
        System.Runtime.InteropServices.NativeMemory.Clear(Pointer + offset, length);
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        type.Heap.Free(allocation, Length);
    }

    // The rows were checked to lie in the tensor, and the tensor in the buffer.
    private byte* Row(in TensorRef tensor, long row) => Pointer + tensor.Offset + (nuint)(row * tensor.Spec.RowBytes);

    private void Check()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        type.Heap.ThrowIfLost();
    }
}
