using System.Runtime.InteropServices;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Gpu.Memory;

/// <summary>A buffer on host memory that the host lent: locked in place for copies, or, on the emulator, seen by kernels where it lies.</summary>
internal sealed unsafe class HostBuffer : GpuBuffer
{
    private readonly IDisposable? _lock;

    public HostBuffer(GpuBufferType type, in BufferRequest request) : base(type, request)
    {
        if (Length == 0) return;
        var (pointer, bytes) = ((nint)Range.Start, (long)Length);
        IDisposable? locked = null;
        Thread.Run(() =>
        {
            if (type.Kind == GpuBufferKind.Host) Own(Thread.Driver.Adopt(pointer, bytes));
            else locked = Thread.Driver.PageLock(pointer, bytes);
        });
        _lock = locked;
    }

    public override bool TryGetPointer(out nint pointer)
    {
        Check();
        pointer = Length == 0 ? 0 : (nint)Range.Start;
        return pointer != 0;
    }

    public override void Write(in TensorRef tensor, long firstRow, ReadOnlySpan<byte> rows)
    {
        Check();
        TensorAccess.CheckWritable(this);
        TensorAccess.CheckRows(this, tensor, firstRow, rows.Length);
        Thread.Drain();
        // In bounds: the rows lie in the tensor, and the tensor in the buffer.
        rows.CopyTo(new Span<byte>(At(tensor, firstRow), rows.Length));
    }

    public override void Read(in TensorRef tensor, long firstRow, Span<byte> rows)
    {
        Check();
        TensorAccess.CheckRows(this, tensor, firstRow, rows.Length);
        Thread.Drain();
        new ReadOnlySpan<byte>(At(tensor, firstRow), rows.Length).CopyTo(rows);
    }

    public override void Clear(nuint offset, nuint length)
    {
        Check();
        TensorAccess.CheckWritable(this);
        TensorAccess.CheckBytes(this, offset, length);
        Thread.Drain();
        NativeMemory.Clear((byte*)Range.Start + offset, length);
    }

    protected override void Released()
    {
        if (_lock is { } locked) Thread.Release(locked.Dispose);
    }

    private byte* At(in TensorRef tensor, long firstRow) => (byte*)Range.Start + tensor.Offset + (nuint)(firstRow * tensor.Spec.RowBytes);
}
