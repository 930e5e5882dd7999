namespace Hotplug.Runtime.Memory.Composition;

/// <summary>A set of pages as merged intervals, to count pages that several tensors share once.</summary>
internal sealed class PageSet(nuint pageSize)
{
    private readonly List<(nuint Start, nuint End)> _intervals = [];

    /// <summary>Bytes of all pages in the set.</summary>
    public nuint Bytes { get; private set; }

    /// <summary>Bytes of the pages that a stretch touches and that are not in the set.</summary>
    public nuint Missing(nuint start, nuint length)
    {
        var (from, to) = Pages(start, length);
        var missing = to - from;
        for (var i = FirstEndingBehind(from); i < _intervals.Count && _intervals[i].Start < to; i++)
            missing -= nuint.Min(_intervals[i].End, to) - nuint.Max(_intervals[i].Start, from);
        return missing;
    }

    /// <summary>Adds the pages that a stretch touches.</summary>
    public void Add(nuint start, nuint length)
    {
        var (from, to) = Pages(start, length);
        if (from == to)
            return;
        Bytes += Missing(start, length);
        var first = FirstEndingBehind(from);
        // Intervals that only touch stay apart; that costs nothing and keeps the search simple.
        var last = first;
        for (; last < _intervals.Count && _intervals[last].Start < to; last++)
            (from, to) = (nuint.Min(from, _intervals[last].Start), nuint.Max(to, _intervals[last].End));
        _intervals.RemoveRange(first, last - first);
        _intervals.Insert(first, (from, to));
    }

    private (nuint From, nuint To) Pages(nuint start, nuint length)
    {
        var from = start & ~(pageSize - 1);
        return (from, length == 0 ? from : (start + length + (pageSize - 1)) & ~(pageSize - 1));
    }

    private int FirstEndingBehind(nuint address)
    {
        int low = 0, high = _intervals.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_intervals[middle].End <= address)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
