namespace Hotplug.Inference.Tokenization;

/// <summary>
/// Joins neighbouring symbols in order of rank, equal ranks from left to right, until none joins: the loop of byte-pair encoding
/// (Sennrich, Haddow, Birch 2016) with a heap of candidates and a linked list of symbols, O(n log n) for n symbols.
/// Reused from word to word; one thread at a time.
/// </summary>
internal sealed class PairMerger
{
    private Symbol[] _symbols = new Symbol[64];
    private Candidate[] _heap = new Candidate[64];
    private int _count, _candidates;

    /// <summary>Forgets the symbols.</summary>
    public void Clear() => _count = _candidates = 0;

    /// <summary>Appends a symbol of <paramref name="length"/> ≥ 1 bytes behind the last one.</summary>
    public void Add(int length)
    {
        if (_count == _symbols.Length) Array.Resize(ref _symbols, checked(_count * 2));
        var start = _count == 0 ? 0 : _symbols[_count - 1].End;
        _symbols[_count] = new() { Start = start, End = start + length, Previous = _count - 1, Next = _count + 1 };
        _count++;
    }

    /// <summary>Joins what <paramref name="ranker"/> lets join.</summary>
    public void Merge<TRanker>(TRanker ranker) where TRanker : IPairRanker, allows ref struct
    {
        for (var i = 1; i < _count; i++) Offer(ref ranker, i - 1, i);
        while (_candidates > 0)
        {
            var best = Pop();
            ref var left = ref _symbols[best.Left];
            ref var right = ref _symbols[best.Right];
            // Symbols only grow or vanish into their left neighbour, so a candidate is current if both are alive and their extent is the same.
            if (left.Start == left.End || right.Start == right.End || right.End - left.Start != best.Length) continue;
            left.End = right.End;
            left.Next = right.Next;
            right.End = right.Start;
            if (left.Next < _count)
            {
                _symbols[left.Next].Previous = best.Left;
                Offer(ref ranker, best.Left, left.Next);
            }

            if (left.Previous >= 0) Offer(ref ranker, left.Previous, best.Left);
        }
    }

    /// <summary>Walks the remaining symbols: the range of the one at <paramref name="cursor"/> (0 to begin), which moves on; false at the end.</summary>
    public bool TryNext(ref int cursor, out Range range)
    {
        range = default;
        if (cursor >= _count) return false;
        range = _symbols[cursor].Start.._symbols[cursor].End;
        cursor = _symbols[cursor].Next;
        return true;
    }

    private void Offer<TRanker>(ref TRanker ranker, int left, int right) where TRanker : IPairRanker, allows ref struct
    {
        var (start, middle, end) = (_symbols[left].Start, _symbols[right].Start, _symbols[right].End);
        if (ranker.TryRank(start, middle, end, out var rank)) Push(new(rank, left, right, end - start));
    }

    private void Push(Candidate item)
    {
        if (_candidates == _heap.Length) Array.Resize(ref _heap, checked(_candidates * 2));
        var at = _candidates++;
        while (at > 0)
        {
            var parent = (at - 1) / 2;
            if (!item.Precedes(_heap[parent])) break;
            _heap[at] = _heap[parent];
            at = parent;
        }

        _heap[at] = item;
    }

    private Candidate Pop()
    {
        var top = _heap[0];
        var last = _heap[--_candidates];
        var at = 0;
        for (int child; (child = 2 * at + 1) < _candidates; at = child)
        {
            if (child + 1 < _candidates && _heap[child + 1].Precedes(_heap[child])) child++;
            if (!_heap[child].Precedes(last)) break;
            _heap[at] = _heap[child];
        }

        _heap[at] = last;
        return top;
    }

    private struct Symbol
    {
        public int Start, End, Previous, Next;
    }

    private readonly record struct Candidate(uint Rank, int Left, int Right, int Length)
    {
        public bool Precedes(in Candidate other) => Rank != other.Rank ? Rank < other.Rank : Left < other.Left;
    }
}
