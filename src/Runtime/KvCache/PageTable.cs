namespace Hotplug.Runtime.KvCache;

/// <summary>
/// The pages of one sequence in one cache, in order of its cells. Where the layers of the cache look back on a window only, pages in front of it are given back when there are more than a sequence may
/// have, so that the table begins at a later cell.
/// </summary>
internal sealed class PageTable(DevicePages pages)
{
    /// <summary>Room for this many pages is made at once, so that a sequence does not allocate again as it grows: 4 KiB.</summary>
    private const int Room = 1024;

    private int[] _list = new int[Math.Min(pages.Plan.Pages, Room)];

    public DevicePages Device { get; } = pages;

    public int Count { get; private set; }

    /// <summary>The first cell that is kept, first in its page; those before it are gone.</summary>
    public int FirstCell { get; private set; }

    /// <summary>The shortest length at which the next token finds all cells that it sees.</summary>
    public int Floor => FirstCell == 0 ? 0 : FirstCell + Device.Plan.Window - 1;

    public ReadOnlySpan<int> Pages => _list.AsSpan(0, Count);

    /// <summary>The page of a cell.</summary>
    public int PageOf(int cell) => _list[(cell - FirstCell) / Device.PageTokens];

    /// <summary>Makes cells <paramref name="first"/> to <paramref name="end"/> − 1 writable: pages exist, and no other sequence holds them.</summary>
    public void Reserve(int first, int end)
    {
        var tokens = Device.PageTokens;
        GiveBack(first, end);
        for (var i = Math.Max(0, first - FirstCell) / tokens; i < Count && FirstCell + i * tokens < end; i++) _list[i] = Device.MakeExclusive(_list[i]);
        while (FirstCell + Count * tokens < end)
        {
            if (Count == _list.Length) Array.Resize(ref _list, Math.Max(8, 2 * _list.Length));
            _list[Count] = Device.Take();
            Count++;
        }
    }

    /// <summary>Makes an empty table begin as late as one of so many cells may.</summary>
    public void BeginFor(int cells)
    {
        var pages = (cells + Device.PageTokens - 1) / Device.PageTokens;
        if (Device.Plan.Window > 0) FirstCell = Math.Max(0, pages - Device.Plan.PagesPerSequence) * Device.PageTokens;
    }

    /// <summary>Gives back the pages behind the first <paramref name="length"/> cells, which are at least <see cref="Floor"/>, or none.</summary>
    public void Truncate(int length)
    {
        var keep = length == 0 ? 0 : (length - FirstCell + Device.PageTokens - 1) / Device.PageTokens;
        while (Count > keep) Device.Release(_list[--Count]);
        if (length == 0) FirstCell = 0;
    }

    /// <summary>Takes the pages that hold the first <paramref name="length"/> cells of another table, shared.</summary>
    public void ShareFrom(PageTable other, int length)
    {
        FirstCell = other.FirstCell;
        var count = (length - FirstCell + Device.PageTokens - 1) / Device.PageTokens;
        if (_list.Length < count) _list = new int[count];
        other._list.AsSpan(0, count).CopyTo(_list);
        Count = count;
        foreach (var page in Pages) Device.Share(page);
    }

    /// <summary>Gives back pages in front that no row from cell <paramref name="first"/> on sees, as many as are too many for the cells up to <paramref name="end"/>.</summary>
    private void GiveBack(int first, int end)
    {
        var (window, tokens) = (Device.Plan.Window, Device.PageTokens);
        if (window == 0) return;
        var tooMany = (end - FirstCell + tokens - 1) / tokens - Device.Plan.PagesPerSequence;
        // The row at cell c sees cells from c − window + 1 on.
        var pages = Math.Min(Math.Min(tooMany, Count), (first - window + 1 - FirstCell) / tokens);
        if (pages <= 0) return;
        for (var i = 0; i < pages; i++) Device.Release(_list[i]);
        _list.AsSpan(pages, Count - pages).CopyTo(_list);
        Count -= pages;
        FirstCell += pages * tokens;
    }
}
