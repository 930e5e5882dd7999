namespace Hotplug.Inference.Sampling;

/// <summary>
/// The tokens that are still candidates, best first, with their logits as the steps left them. Owns its buffers and allocates nothing once made. One thread at a time.
/// </summary>
internal sealed class CandidateList
{
    private static readonly Comparison<(double Logit, int Token)> ByRank = static (a, b) => a.Logit != b.Logit ? b.Logit.CompareTo(a.Logit) : a.Token.CompareTo(b.Token);
    private static readonly Comparison<(double Logit, int Token)> ByToken = static (a, b) => a.Token.CompareTo(b.Token);

    private readonly (double Logit, int Token)[] _items;
    private readonly double[] _weights;
    private readonly ulong[] _best;

    public CandidateList(int capacity) => (_items, _weights, _best) = (new (double, int)[capacity], new double[capacity], new ulong[capacity]);

    /// <summary>How many there are; at least one.</summary>
    public int Count { get; private set; }

    /// <summary>The candidates.</summary>
    public Span<(double Logit, int Token)> Items => _items.AsSpan(0, Count);

    /// <summary>Takes the best tokens in, as many as there is room for; tokens of infinite logits are none.</summary>
    public void Fill(ReadOnlySpan<float> logits)
    {
        var chosen = TopK.Select(logits, _best);
        Count = 0;
        foreach (var candidate in _best.AsSpan(0, chosen))
        {
            var logit = Candidate.Logit(candidate);
            if (float.IsFinite(logit)) _items[Count++] = (logit, Candidate.Token(candidate));
        }
    }

    /// <summary>Keeps the first ones, one at least.</summary>
    public void Keep(int count) => Count = Math.Clamp(count, 1, Count);

    /// <summary>Drops the first ones; one at least stays.</summary>
    public void Drop(int count)
    {
        count = Math.Min(count, Count - 1);
        Items[count..].CopyTo(_items);
        Count -= count;
    }

    /// <summary>Keeps those that are marked; the first one if none is.</summary>
    public void KeepWhere(ReadOnlySpan<bool> marks)
    {
        var kept = 0;
        for (var i = 0; i < marks.Length; i++)
            if (marks[i]) _items[kept++] = _items[i];
        Keep(kept);
    }

    /// <summary>Weights e^(logit − best), and their sum.</summary>
    public ReadOnlySpan<double> Weigh(out double total)
    {
        total = 0;
        for (var i = 0; i < Count; i++) total += _weights[i] = ExactExp.Of(_items[i].Logit - _items[0].Logit);
        return _weights.AsSpan(0, Count);
    }

    /// <summary>Brings them into rank again, after logits have changed.</summary>
    public void Rank() => Items.Sort(ByRank);

    /// <summary>Draws one with probability in proportion to its weight, going through them by token, and returns it with its probability.</summary>
    public (int Token, double Probability) Draw(ref Xoshiro256 random)
    {
        var best = _items[0].Logit;
        Items.Sort(ByToken);
        var total = 0.0;
        for (var i = 0; i < Count; i++) total += _weights[i] = ExactExp.Of(_items[i].Logit - best);
        var target = random.NextUnit() * total;
        var (sum, last) = (0.0, 0);
        for (var i = 0; i < Count; i++)
        {
            if (_weights[i] == 0) continue;
            sum += _weights[i];
            last = i;
            if (sum > target) break;
        }

        return (_items[last].Token, _weights[last] / total);
    }
}
