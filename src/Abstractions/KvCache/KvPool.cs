using Hotplug.Abstractions.Memory;

namespace Hotplug.Abstractions.KvCache;

/// <summary>
/// The pages of a device, numbered from 0, in buffers of equal numbers of pages. Made by the host, which owns the buffers and the page tables; the same object
/// is passed in every step for as long as the pages stay where they are, so that a backend may remember what it derives from it. Immutable.
/// </summary>
public sealed class KvPool
{
    /// <summary>Creates a pool over buffers of <paramref name="pagesPerBuffer"/> pages each; the last may have fewer.</summary>
    public KvPool(IKvLayout layout, IReadOnlyList<IBuffer> buffers, int pagesPerBuffer, int pageCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pagesPerBuffer);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pageCount, (long)buffers.Count * pagesPerBuffer);
        (Layout, Buffers, PagesPerBuffer, PageCount) = (layout, buffers, pagesPerBuffer, pageCount);
    }

    /// <summary>The layout of the pages.</summary>
    public IKvLayout Layout { get; }

    /// <summary>The physical buffers.</summary>
    public IReadOnlyList<IBuffer> Buffers { get; }

    /// <summary>Pages in each buffer.</summary>
    public int PagesPerBuffer { get; }

    /// <summary>Pages in all.</summary>
    public int PageCount { get; }

    /// <summary>Where a page lies.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such page.</exception>
    public KvPageRef Locate(int page)
    {
        if ((uint)page >= (uint)PageCount)
            throw new ArgumentOutOfRangeException(nameof(page), page, $"The pool has {PageCount} pages.");
        return new KvPageRef(Buffers[page / PagesPerBuffer], (nuint)(page % PagesPerBuffer) * Layout.PageBytes);
    }
}
