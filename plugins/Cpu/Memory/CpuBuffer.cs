using System.Runtime.InteropServices;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Cpu.Memory;

/// <summary>A buffer on host memory that the host lent; owns nothing.</summary>
internal sealed unsafe class CpuBuffer(CpuBufferType type, in BufferRequest request) : IBuffer
{
    private bool _disposed;

    public IBufferType Type => type;
    public AddressRange Range { get; } = request.Range;
    public nuint Length { get; } = request.Length;
    public BufferUsage Usage { get; } = request.Usage;
    public bool IsReadOnly { get; } = request.Backing is { Access: HostAccess.Read };

    public bool TryGetPointer(out nint pointer)
    {
        Check();
        pointer = Length == 0 ? 0 : (nint)Range.Start;
        return pointer != 0;
    }

    public void Write(in TensorRef tensor, long firstRow, ReadOnlySpan<byte> rows)
    {
        Check();
        TensorAccess.CheckWritable(this);
        TensorAccess.CheckRows(this, tensor, firstRow, rows.Length);
        // In bounds: the rows lie in the tensor, and the tensor in the buffer.
        rows.CopyTo(new Span<byte>(At(tensor, firstRow), rows.Length));
    }

    public void Read(in TensorRef tensor, long firstRow, Span<byte> rows)
    {
        Check();
        TensorAccess.CheckRows(this, tensor, firstRow, rows.Length);
        new ReadOnlySpan<byte>(At(tensor, firstRow), rows.Length).CopyTo(rows);
    }

    public void Clear(nuint offset, nuint length)
    {
        Check();
        TensorAccess.CheckWritable(this);
        TensorAccess.CheckBytes(this, offset, length);
        NativeMemory.Clear((byte*)Range.Start + offset, length);
    }

    public void Dispose() => _disposed = true;

    private byte* At(in TensorRef tensor, long firstRow) => (byte*)Range.Start + tensor.Offset + (nuint)(firstRow * tensor.Spec.RowBytes);

    private void Check() => ObjectDisposedException.ThrowIf(_disposed, this);
}
