namespace Hotplug.Inference.Sampling;

/// <summary>The best k of all tokens in one pass: a heap with the worst of the chosen on top, which most logits do not even reach.</summary>
internal static class TopK
{
    /// <summary>Writes the best tokens, in order of rank, as many as there is room for or as there are logits; returns how many.</summary>
    public static int Select(ReadOnlySpan<float> logits, Span<ulong> best)
    {
        var k = Math.Min(best.Length, logits.Length);
        var heap = best[..k];
        for (var token = 0; token < k; token++) heap[token] = Candidate.Of(logits[token], token);
        for (var i = k / 2 - 1; i >= 0; i--) Sink(heap, i);

        // Ties with the worst of the chosen lose, because their tokens are higher, so only higher logits matter. The next float above says that.
        for (var token = k; ; token++)
        {
            token = LogitScan.NextAtLeast(logits, MathF.BitIncrement(Candidate.Logit(heap[0])), token);
            if (token < 0) break;
            heap[0] = Candidate.Of(logits[token], token);
            Sink(heap, 0);
        }

        heap.Sort();
        return k;
    }

    private static void Sink(Span<ulong> heap, int at)
    {
        var item = heap[at];
        for (int child; (child = 2 * at + 1) < heap.Length; at = child)
        {
            if (child + 1 < heap.Length && heap[child + 1] > heap[child]) child++;
            if (heap[child] <= item) break;
            heap[at] = heap[child];
        }

        heap[at] = item;
    }
}
