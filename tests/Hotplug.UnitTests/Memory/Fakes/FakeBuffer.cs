using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.UnitTests.Memory.Fakes;

/// <summary>Stores bytes at its addresses, or in memory of its own; without the standard layout every byte is stored inverted.</summary>
internal sealed unsafe class FakeBuffer : IBuffer
{
    private readonly FakeBufferType _type;
    private readonly byte[]? _own;
    private readonly byte _mask;
    private bool _disposed;

    public FakeBuffer(FakeBufferType type, in BufferRequest request)
    {
        (_type, Range, Length, Usage, IsReadOnly) = (type, request.Range, request.Length, request.Usage, request.Backing is { Access: HostAccess.Read });
        _mask = type.Traits.StandardLayout ? (byte)0 : (byte)0xFF;
        if (!type.Traits.HostVisible)
        {
            _own = new byte[(int)request.Length];
            Array.Fill(_own, (byte)0xA5);
        }
        Interlocked.Increment(ref type.Alive);
    }

    public IBufferType Type => _type;

    public AddressRange Range { get; }

    public nuint Length { get; }

    public BufferUsage Usage { get; }

    public bool IsReadOnly { get; }

    public bool TryGetPointer(out nint pointer)
    {
        Check("TryGetPointer");
        var has = _own is null && Length != 0;
        pointer = has ? (nint)Range.Start : 0;
        return has;
    }

    public void Write(in TensorRef tensor, long firstRow, ReadOnlySpan<byte> rows)
    {
        Check("Write");
        TensorAccess.CheckWritable(this);
        _ = TensorAccess.CheckRows(this, tensor, firstRow, rows.Length);
        var target = Bytes(tensor.Offset, _type.AllocationSize(tensor.Spec));
        for (var i = 0; i < rows.Length; i++)
            target[(int)(firstRow * tensor.Spec.RowBytes) + i] = (byte)(rows[i] ^ _mask);
    }

    public void Read(in TensorRef tensor, long firstRow, Span<byte> rows)
    {
        Check("Read");
        _ = TensorAccess.CheckRows(this, tensor, firstRow, rows.Length);
        var source = Bytes(tensor.Offset, _type.AllocationSize(tensor.Spec));
        for (var i = 0; i < rows.Length; i++)
            rows[i] = (byte)(source[(int)(firstRow * tensor.Spec.RowBytes) + i] ^ _mask);
    }

    public void Clear(nuint offset, nuint length)
    {
        Check("Clear");
        TensorAccess.CheckWritable(this);
        TensorAccess.CheckBytes(this, offset, length);
        Bytes(offset, length).Fill(_mask);
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Interlocked.Decrement(ref _type.Alive);
        _type.OnCall?.Invoke("Dispose");
    }

    private Span<byte> Bytes(nuint offset, nuint length) =>
        _own is null ? new Span<byte>((byte*)Range.Start + offset, (int)length) : _own.AsSpan((int)offset, (int)length);

    private void Check(string call)
    {
        _type.OnCall?.Invoke(call);
        ObjectDisposedException.ThrowIf(_disposed, this);
    }
}
