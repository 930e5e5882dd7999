using Hotplug.Abstractions.KvCache;
using Hotplug.Accelerators.KvCache;

namespace Hotplug.Gpu.Kernels.Attention;

/// <summary>
/// Where one layer lies in the pages of one device buffer of a pool; offsets and sizes in words of 32 bits. A page number p of the pool lies in this buffer if
/// p / <see cref="PagesPerBuffer"/> is <see cref="BufferIndex"/>.
/// </summary>
internal struct PagedLayer
{
    public int BufferIndex, PagesPerBuffer;
    /// <summary>Binary logarithm of a page's cells.</summary>
    public int PageShift;
    /// <summary>Words from a page to the next.</summary>
    public int PageWords;
    /// <summary>Words from the start of a page.</summary>
    public int KeyOffset, ValueOffset;
    public int Heads, KeyWidth, ValueWidth;
    /// <summary>Elements from a cell's values to the next cell's.</summary>
    public int ValueStride;

    /// <summary>A layer in the buffer with number <paramref name="bufferIndex"/> of a pool.</summary>
    public static PagedLayer Of(KvPageLayout layout, int layer, int bufferIndex, int pagesPerBuffer)
    {
        var (keys, values) = (layout.Part(layer, KvPart.Keys), layout.Part(layer, KvPart.Values));
        return new PagedLayer
        {
            BufferIndex = bufferIndex,
            PagesPerBuffer = pagesPerBuffer,
            PageShift = System.Numerics.BitOperations.Log2((uint)layout.Spec.PageTokens),
            PageWords = (int)(layout.PageBytes / 4),
            KeyOffset = (int)(keys.Offset / 4),
            ValueOffset = (int)(values.Offset / 4),
            Heads = keys.Heads,
            KeyWidth = keys.Width,
            ValueWidth = values.Width,
            ValueStride = values.Stride,
        };
    }

    /// <summary>Word at which a page starts in this buffer, or −1 if it lies in another. For kernels.</summary>
    public static long PageStart(PagedLayer layer, int page)
    {
        var local = page - layer.BufferIndex * layer.PagesPerBuffer;
        return local < 0 || local >= layer.PagesPerBuffer ? -1L : (long)local * layer.PageWords;
    }
}
