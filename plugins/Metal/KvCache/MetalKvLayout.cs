using System.Buffers;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Accelerators.KvCache;
using Hotplug.Metal.Memory;

namespace Hotplug.Metal.KvCache;

/// <summary>Pages of a KV cache where the device computes. Cells go to and from the neutral form on the host, a part of a page at a time.</summary>
internal sealed class MetalKvLayout : IKvLayout
{
    public MetalKvLayout(MetalGpu device, KvCacheSpec spec)
    {
        if (spec.PageTokens != MetalGpu.PageTokens)
            throw new UnsupportedException($"metal:{device.Info.Id} keeps KV pages of {MetalGpu.PageTokens} tokens, not {spec.PageTokens}.");
        Device = device;
        Pages = new KvPageLayout(spec, (long)device.Working.TensorAlignment);
    }

    public MetalGpu Device { get; }

    /// <summary>Where everything lies in a page.</summary>
    public KvPageLayout Pages { get; }

    public KvCacheSpec Spec => Pages.Spec;

    public IBufferType BufferType => Device.Working;

    public nuint PageBytes => (nuint)Pages.PageBytes;

    public void Read(KvPageRef page, int layer, KvPart part, int firstCell, Span<byte> rows)
    {
        var (buffer, layout) = Check(page, layer, part, firstCell, rows.Length);
        if (rows.IsEmpty) return;
        var bytes = ArrayPool<byte>.Shared.Rent(checked((int)layout.Bytes));
        try
        {
            var content = bytes.AsSpan(0, (int)layout.Bytes);
            buffer.Fetch(page.Offset + (nuint)layout.Offset, content);
            layout.Gather(content, firstCell, rows);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    public void Write(KvPageRef page, int layer, KvPart part, int firstCell, ReadOnlySpan<byte> rows)
    {
        var (buffer, layout) = Check(page, layer, part, firstCell, rows.Length);
        if (rows.IsEmpty) return;
        var bytes = ArrayPool<byte>.Shared.Rent(checked((int)layout.Bytes));
        try
        {
            // Cells of a layer are strewn over its part of the page: it is fetched, changed and sent back.
            var content = bytes.AsSpan(0, (int)layout.Bytes);
            buffer.Fetch(page.Offset + (nuint)layout.Offset, content);
            layout.Scatter(rows, firstCell, content);
            buffer.Put(page.Offset + (nuint)layout.Offset, content);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    public void Copy(KvPageRef source, KvPageRef destination)
    {
        var (from, to) = (Check(source), Check(destination));
        if (from == to && source.Offset == destination.Offset) return;
        Device.Thread.Run(() => Device.Thread.Driver.Copy(from.Memory!, (long)source.Offset, to.Memory!, (long)destination.Offset, Pages.PageBytes));
    }

    private (PlacedBuffer Buffer, KvPartLayout Layout) Check(KvPageRef page, int layer, KvPart part, int firstCell, int bytes)
    {
        var buffer = Check(page);
        var layout = Pages.Part(layer, part);
        layout.Cells(firstCell, bytes);
        return (buffer, layout);
    }

    private PlacedBuffer Check(KvPageRef page)
    {
        if (page.Buffer is not PlacedBuffer buffer || buffer.MetalType != Device.Working)
            throw new ArgumentException($"The page does not lie in a buffer of {BufferType.Name}.", nameof(page));
        if (page.Offset > buffer.Length || PageBytes > buffer.Length - page.Offset)
            throw new ArgumentException($"A page of {PageBytes} bytes at {page.Offset} does not lie in a buffer of {buffer.Length}.", nameof(page));
        return buffer;
    }
}
