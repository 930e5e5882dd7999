using System.Runtime.InteropServices;
using Hotplug.Abstractions.Memory;

namespace Hotplug.Metal.Memory;

/// <summary>
/// A no-copy view over host memory that the host lent: a mapped file, or memory it has committed. The view ends at the page boundary at or above the last byte; what is behind
/// the last byte lies in the same page of the host and is never touched.
/// </summary>
internal sealed unsafe class HostBuffer : PlacedBuffer
{
    public HostBuffer(MetalBufferType type, in BufferRequest request) : base(type, request)
    {
        if (Length == 0) return;
        var page = (ulong)type.Device.PageSize;
        var bytes = (Length + page - 1) / page * page;
        Make(device => device.WrapMemory((void*)Range.Start, bytes));
    }

    public override bool TryGetPointer(out nint pointer)
    {
        Check();
        pointer = Length == 0 ? 0 : (nint)Range.Start;
        return pointer != 0;
    }

    // In bounds, here and below: the base has checked the bytes against the buffer.
    public override void Put(nuint offset, ReadOnlySpan<byte> bytes)
    {
        Check();
        Thread.Drain();
        bytes.CopyTo(new Span<byte>((byte*)Range.Start + offset, bytes.Length));
    }

    public override void Fetch(nuint offset, Span<byte> bytes)
    {
        Check();
        Thread.Drain();
        new ReadOnlySpan<byte>((byte*)Range.Start + offset, bytes.Length).CopyTo(bytes);
    }

    protected override void Zero(nuint offset, nuint length)
    {
        Thread.Drain();
        NativeMemory.Clear((byte*)Range.Start + offset, length);
    }
}
