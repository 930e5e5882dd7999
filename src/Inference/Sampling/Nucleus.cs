namespace Hotplug.Inference.Sampling;

/// <summary>The fewest of the best candidates that hold a given mass, without sorting: quickselect (Hoare 1961) by mass instead of by count.</summary>
internal static class Nucleus
{
    /// <summary>
    /// Moves the fewest best candidates whose weights sum to at least <paramref name="mass"/> &gt; 0 to the front, in no order,
    /// and returns their number: at least 1, all if they do not reach it. There is at least one candidate.
    /// </summary>
    public static int Select<TWeight>(Span<ulong> candidates, TWeight weight, double mass) where TWeight : struct, ICandidateWeight
    {
        // Those before low are in and lack `mass` more; those from high on are out.
        var (low, high) = (0, candidates.Length);
        while (high - low > 1)
        {
            var pivot = low + Partition(candidates[low..high]);
            var better = 0.0;
            for (var i = low; i < pivot; i++) better += weight.Of(candidates[i]);
            if (better >= mass)
            {
                high = pivot;
                continue;
            }

            better += weight.Of(candidates[pivot]);
            low = pivot + 1;
            if (better >= mass) return low;
            mass -= better;
        }

        return high;
    }

    // Puts what is better than the pivot before it and the rest behind; returns where the pivot is. The median of three spares sorted input.
    private static int Partition(Span<ulong> span)
    {
        var last = span.Length - 1;
        var middle = span.Length / 2;
        if (span[middle] < span[0]) Swap(span, middle, 0);
        if (span[last] < span[0]) Swap(span, last, 0);
        if (span[last] < span[middle]) Swap(span, last, middle);
        Swap(span, middle, last);
        var pivot = span[last];
        var end = 0;
        for (var i = 0; i < last; i++)
            if (span[i] < pivot) Swap(span, i, end++);
        Swap(span, end, last);
        return end;
    }

    private static void Swap(Span<ulong> span, int a, int b) => (span[a], span[b]) = (span[b], span[a]);
}
