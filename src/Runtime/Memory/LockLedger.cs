using Hotplug.Abstractions.Memory;
using Hotplug.Runtime.Memory.Interop;

namespace Hotplug.Runtime.Memory;

/// <summary>
/// The locked pages of an address space. Locks of the system do not nest: unlocking a page once undoes any number of locks. So pages are
/// counted here, and locked and unlocked in the system at the first and the last holder only. Safe from any thread.
/// </summary>
public sealed class LockLedger
{
    private readonly Lock _gate = new();
    private readonly HostMemoryPlatform _platform;

    // Disjoint, in order, each with at least one holder; neighbours that touch differ in their count.
    private List<Segment> _segments = [];

    internal LockLedger(HostMemoryPlatform platform) => _platform = platform;

    /// <summary>Bytes locked, each page once.</summary>
    public nuint LockedBytes
    {
        get
        {
            lock (_gate)
                return Sum(0, nuint.MaxValue);
        }
    }

    /// <summary>Bytes locked within a range.</summary>
    public nuint LockedIn(AddressRange range)
    {
        lock (_gate)
            return Sum(range.Start, range.End);
    }

    /// <summary>Locks the pages that a range touches. Bringing them in takes as long as reading them.</summary>
    /// <param name="range">Addresses that are mapped or committed; may be empty.</param>
    /// <param name="held">The lock; the pages stay locked until it is disposed.</param>
    /// <param name="reason">Why the system refused.</param>
    /// <returns>False if the system refused; then no page is newly locked.</returns>
    public bool TryLock(AddressRange range, out RangeLock? held, out string? reason)
    {
        var start = range.Start & ~(_platform.PageSize - 1);
        var end = range.Length == 0 ? start : (range.End + (_platform.PageSize - 1)) & ~(_platform.PageSize - 1);
        (held, reason) = (null, null);
        lock (_gate)
        {
            var fresh = Gaps(start, end);
            for (var i = 0; i < fresh.Count; i++)
            {
                var error = _platform.Lock(fresh[i].Start, fresh[i].Length);
                if (error == 0)
                    continue;
                for (var k = 0; k < i; k++)
                    _ = _platform.Unlock(fresh[k].Start, fresh[k].Length);
                reason = $"the system did not lock {ByteText.Format(fresh[i].Length)}: {_platform.Describe(error)}";
                return false;
            }
            Add(start, end, 1);
        }
        held = new RangeLock(this, new AddressRange(start, end - start));
        return true;
    }

    internal void Unlock(AddressRange range)
    {
        lock (_gate)
        {
            Add(range.Start, range.End, -1);
            foreach (var gap in Gaps(range.Start, range.End))
                _ = _platform.Unlock(gap.Start, gap.Length);
        }
    }

    private nuint Sum(nuint start, nuint end)
    {
        nuint sum = 0;
        foreach (var segment in _segments)
        {
            var (from, to) = (nuint.Max(segment.Start, start), nuint.Min(segment.End, end));
            if (from < to)
                sum += to - from;
        }
        return sum;
    }

    private List<AddressRange> Gaps(nuint start, nuint end)
    {
        var gaps = new List<AddressRange>();
        foreach (var segment in _segments)
        {
            if (segment.End <= start)
                continue;
            if (segment.Start >= end)
                break;
            if (segment.Start > start)
                gaps.Add(new AddressRange(start, segment.Start - start));
            start = segment.End;
        }
        if (start < end)
            gaps.Add(new AddressRange(start, end - start));
        return gaps;
    }

    private void Add(nuint start, nuint end, int change)
    {
        if (start == end)
            return;
        var result = new List<Segment>(_segments.Count + 2);
        var at = start;
        foreach (var (from, to, count) in _segments)
        {
            if (to <= start || from >= end)
            {
                if (from >= end)
                    Fill(end);
                Append(from, to, count);
                continue;
            }
            Append(from, nuint.Max(from, start), count);
            Fill(from);
            Append(nuint.Max(from, start), nuint.Min(to, end), count + change);
            at = nuint.Max(at, nuint.Min(to, end));
            Append(nuint.Min(to, end), to, count);
        }
        Fill(end);
        _segments = result;

        void Fill(nuint to)
        {
            if (at < to)
                Append(at, to, change);
            at = nuint.Max(at, to);
        }

        void Append(nuint from, nuint to, int count)
        {
            if (from >= to || count <= 0)
                return;
            if (result.Count != 0 && result[^1] is var last && last.End == from && last.Count == count)
                result[^1] = last with { End = to };
            else
                result.Add(new Segment(from, to, count));
        }
    }

    private readonly record struct Segment(nuint Start, nuint End, int Count);
}
