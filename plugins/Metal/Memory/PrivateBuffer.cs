using Hotplug.Abstractions.Memory;
using Hotplug.Metal.Drivers;
using Hotplug.Metal.Interop.Objects;
using Hotplug.Metal.Interop.Values;

namespace Hotplug.Metal.Memory;

/// <summary>Memory of the device that the host does not see; its addresses are a name. Filled and read by copies through the staging memory, in whole words.</summary>
internal sealed unsafe class PrivateBuffer : PlacedBuffer
{
    private const long Word = BlitEncoder.Alignment;

    public PrivateBuffer(MetalBufferType type, in BufferRequest request) : base(type, request)
    {
        if (Length == 0) return;
        // Whole words, so that the last bytes can be copied.
        var bytes = (ulong)Up((long)Length);
        Make(device => device.NewBuffer(bytes, MTLResourceOptions.StorageModePrivate));
    }

    public override bool TryGetPointer(out nint pointer)
    {
        Check();
        pointer = 0;
        return false;
    }

    public override void Put(nuint offset, ReadOnlySpan<byte> bytes)
    {
        Check();
        if (bytes.IsEmpty) return;
        // Pinned until Move returns, here and below.
        fixed (byte* source = bytes) Thread.Move(this, TransferDirection.ToDevice, (long)offset, (nint)source, bytes.Length);
    }

    public override void Fetch(nuint offset, Span<byte> bytes)
    {
        Check();
        if (bytes.IsEmpty) return;
        fixed (byte* destination = bytes) Thread.Move(this, TransferDirection.ToHost, (long)offset, (nint)destination, bytes.Length);
    }

    /// <summary>Copies; on the device's thread. The pointer is that of a pinned span of <paramref name="length"/> bytes, for which the caller waits; at + length lies in the buffer.</summary>
    public void Move(TransferDirection direction, long at, nint memory, int length)
    {
        if (direction == TransferDirection.ToDevice) Upload(at, (byte*)memory, length);
        else Download(at, (byte*)memory, length);
    }

    protected override void Zero(nuint offset, nuint length)
    {
        Thread.Run(() =>
        {
            var (start, end) = ((long)offset, (long)(offset + length));
            var first = Math.Min(Up(start), end);
            var last = Math.Max(first, end / Word * Word);
            var zeros = 0;
            if (first > start) Upload(start, (byte*)&zeros, (int)(first - start));
            if (last > first) Thread.Driver.Clear(Memory!, first, last - first);
            if (end > last) Upload(last, (byte*)&zeros, (int)(end - last));
            Thread.Settle();
        });
    }

    // Returns when the source has been read; the last copies may be under way.
    private void Upload(long at, byte* source, int length)
    {
        var (driver, staging) = (Thread.Driver, Thread.StagingFor(0));
        for (var end = at + length; at < end;)
        {
            var start = at / Word * Word;
            var next = Math.Min(end, start + staging.HalfLength);
            var words = Up(next) - start;
            var half = staging.Take();
            // Words that are written in part keep the rest.
            if (start != at) driver.Copy(Memory!, start, staging.Buffer, half, Word);
            if (next % Word != 0 && (start == at || words > Word)) driver.Copy(Memory!, start + words - Word, staging.Buffer, half + words - Word, Word);
            new ReadOnlySpan<byte>(source, (int)(next - at)).CopyTo(staging.Bytes[(int)(half + at - start)..]);
            staging.Send(half, Memory!, start, words);
            source += next - at;
            at = next;
        }
    }

    // The next copy is under way while the bytes of the one before are taken out.
    private void Download(long at, byte* destination, int length)
    {
        var staging = Thread.StagingFor(0);
        var (half, from, count) = (0, 0L, 0);
        for (var end = at + length; at < end;)
        {
            var start = at / Word * Word;
            var next = Math.Min(end, start + staging.HalfLength);
            var taken = staging.Take();
            staging.Receive(taken, Memory!, start, Up(next) - start);
            destination += TakeOut(destination);
            (half, from, count) = (taken, taken + at - start, (int)(next - at));
            at = next;
        }
        TakeOut(destination);

        int TakeOut(byte* to)
        {
            if (count == 0) return 0;
            staging.Finish(half);
            staging.Bytes.Slice((int)from, count).CopyTo(new Span<byte>(to, count));
            return count;
        }
    }

    private static long Up(long bytes) => (bytes + Word - 1) / Word * Word;
}
