namespace Hotplug.Runtime.KvCache;

/// <summary>The pages of one sequence on one device, in order of its cells.</summary>
internal sealed class PageTable(DevicePages pages)
{
    /// <summary>Room for this many pages is made at once, so that a sequence does not allocate again as it grows: 4 KiB.</summary>
    private const int Room = 1024;

    private int[] _list = new int[Math.Min(pages.Plan.Pages, Room)];

    public DevicePages Device { get; } = pages;

    public int Count { get; private set; }

    public ReadOnlySpan<int> Pages => _list.AsSpan(0, Count);

    /// <summary>Makes cells <paramref name="first"/> to <paramref name="end"/> − 1 writable: pages exist, and no other sequence holds them.</summary>
    public void Reserve(int first, int end)
    {
        var tokens = Device.PageTokens;
        for (var i = first / tokens; i < Count && i * tokens < end; i++) _list[i] = Device.MakeExclusive(_list[i]);
        while (Count * tokens < end)
        {
            if (Count == _list.Length) Array.Resize(ref _list, Math.Max(8, 2 * _list.Length));
            _list[Count] = Device.Take();
            Count++;
        }
    }

    /// <summary>Gives back the pages behind the first <paramref name="length"/> cells.</summary>
    public void Truncate(int length)
    {
        var keep = (length + Device.PageTokens - 1) / Device.PageTokens;
        while (Count > keep) Device.Release(_list[--Count]);
    }

    /// <summary>Takes the pages that hold the first <paramref name="length"/> cells of another table, shared.</summary>
    public void ShareFrom(PageTable other, int length)
    {
        var count = (length + Device.PageTokens - 1) / Device.PageTokens;
        if (_list.Length < count) _list = new int[count];
        other._list.AsSpan(0, count).CopyTo(_list);
        Count = count;
        foreach (var page in Pages) Device.Share(page);
    }
}
