using Hotplug.Abstractions.Memory;
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
        fixed (byte* source = bytes)
        {
            // Pinned until Run returns.
            var (from, at, length) = ((nint)source, (long)offset, bytes.Length);
            Thread.Run(() => Upload(at, (byte*)from, length));
        }
    }

    public override void Fetch(nuint offset, Span<byte> bytes)
    {
        Check();
        if (bytes.IsEmpty) return;
        fixed (byte* destination = bytes)
        {
            var (to, at, length) = ((nint)destination, (long)offset, bytes.Length);
            Thread.Run(() => Download(at, (byte*)to, length));
        }
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
        });
    }

    // The pointers are those of pinned spans of `length` bytes, for which the caller waits; at + length lies in the buffer.
    private void Upload(long at, byte* source, int length)
    {
        var (driver, staging) = (Thread.Driver, Thread.StagingFor(0));
        for (var end = at + length; at < end;)
        {
            var start = at / Word * Word;
            var next = Math.Min(end, start + staging.Length);
            var words = Up(next) - start;
            // Words that are written in part keep the rest.
            if (start != at) driver.Copy(Memory!, start, staging.Buffer, 0, Word);
            if (next % Word != 0 && (start == at || words > Word)) driver.Copy(Memory!, start + words - Word, staging.Buffer, words - Word, Word);
            new ReadOnlySpan<byte>(source, (int)(next - at)).CopyTo(staging.Bytes[(int)(at - start)..]);
            driver.Copy(staging.Buffer, 0, Memory!, start, words);
            source += next - at;
            at = next;
        }
    }

    private void Download(long at, byte* destination, int length)
    {
        var (driver, staging) = (Thread.Driver, Thread.StagingFor(0));
        for (var end = at + length; at < end;)
        {
            var start = at / Word * Word;
            var next = Math.Min(end, start + staging.Length);
            driver.Copy(Memory!, start, staging.Buffer, 0, Up(next) - start);
            staging.Bytes.Slice((int)(at - start), (int)(next - at)).CopyTo(new Span<byte>(destination, (int)(next - at)));
            destination += next - at;
            at = next;
        }
    }

    private static long Up(long bytes) => (bytes + Word - 1) / Word * Word;
}
