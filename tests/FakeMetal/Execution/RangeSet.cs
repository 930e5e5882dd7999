namespace Hotplug.Metal.Fake.Execution;

/// <summary>A set of addresses, kept as ranges.</summary>
internal sealed class RangeSet
{
    private const int MergeAt = 1 << 16;
    private readonly List<(ulong Start, ulong End)> _ranges = [];
    private int _mergeAt = MergeAt;
    private bool _merged = true;

    public void Add(nint address, nuint length)
    {
        if (length == 0) return;
        var start = (ulong)address;
        // Kernels go through memory in order, so most ranges continue the one before.
        if (_ranges.Count > 0 && _ranges[^1].End == start) _ranges[^1] = (_ranges[^1].Start, start + length);
        else _ranges.Add((start, start + length));
        _merged = false;
        if (_ranges.Count < _mergeAt) return;
        Merge();
        _mergeAt = Math.Max(MergeAt, 2 * _ranges.Count);
    }

    /// <summary>A range that both have; null when there is none.</summary>
    public (ulong Start, ulong End)? Overlap(RangeSet other)
    {
        var (left, right) = (Merge(), other.Merge());
        for (int i = 0, j = 0; i < left.Count && j < right.Count;)
        {
            var (start, end) = (Math.Max(left[i].Start, right[j].Start), Math.Min(left[i].End, right[j].End));
            if (start < end) return (start, end);
            if (left[i].End < right[j].End) i++;
            else j++;
        }
        return null;
    }

    /// <summary>A range that is not in another set; null when there is none.</summary>
    public (ulong Start, ulong End)? Outside(RangeSet other)
    {
        var within = other.Merge();
        var j = 0;
        foreach (var (start, end) in Merge())
        {
            while (j < within.Count && within[j].End <= start) j++;
            if (j == within.Count || within[j].Start > start) return (start, end);
            if (within[j].End < end) return (within[j].End, end);
        }
        return null;
    }

    private List<(ulong Start, ulong End)> Merge()
    {
        if (_merged) return _ranges;
        _ranges.Sort();
        var kept = 0;
        for (var i = 1; i < _ranges.Count; i++)
        {
            if (_ranges[i].Start <= _ranges[kept].End) _ranges[kept] = (_ranges[kept].Start, Math.Max(_ranges[kept].End, _ranges[i].End));
            else _ranges[++kept] = _ranges[i];
        }
        _ranges.RemoveRange(kept + 1, _ranges.Count - kept - 1);
        _merged = true;
        return _ranges;
    }
}
