using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.ContractTests.Tiny;

/// <summary>Rows backwards, each followed by poison.</summary>
internal sealed class TinyBuffer(TinyBufferType type, BufferRequest request, int handle) : IBuffer
{
    private bool _disposed;

    public IBufferType Type => type;

    public AddressRange Range => request.Range;

    public nuint Length => request.Length;

    public BufferUsage Usage => request.Usage;

    public bool IsReadOnly => false;

    /// <summary>The device's bytes.</summary>
    public Span<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return type.Device.Memory.Open(handle)[..(int)Length];
        }
    }

    public bool TryGetPointer(out nint pointer)
    {
        pointer = 0;
        return false;
    }

    public void Write(in TensorRef tensor, long firstRow, ReadOnlySpan<byte> rows)
    {
        var bytes = Bytes;
        var count = TensorAccess.CheckRows(this, tensor, firstRow, rows.Length);
        for (var row = 0L; row < count; row++)
        {
            var place = Row(bytes, tensor, firstRow + row);
            rows.Slice((int)(row * place.Length), place.Length).CopyTo(place);
            place.Reverse();
        }
    }

    public void Read(in TensorRef tensor, long firstRow, Span<byte> rows)
    {
        var bytes = Bytes;
        var count = TensorAccess.CheckRows(this, tensor, firstRow, rows.Length);
        for (var row = 0L; row < count; row++)
        {
            var place = Row(bytes, tensor, firstRow + row);
            var target = rows.Slice((int)(row * place.Length), place.Length);
            place.CopyTo(target);
            target.Reverse();
        }
    }

    public void Clear(nuint offset, nuint length)
    {
        var bytes = Bytes;
        TensorAccess.CheckBytes(this, offset, length);
        bytes.Slice((int)offset, (int)length).Clear();
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        type.Device.Memory.Return(handle, Length);
    }

    private static Span<byte> Row(Span<byte> bytes, in TensorRef tensor, long row)
    {
        var length = tensor.Spec.RowBytes;
        return bytes.Slice((int)((long)tensor.Offset + row * (length + TinyBufferType.RowPadding)), (int)length);
    }
}
