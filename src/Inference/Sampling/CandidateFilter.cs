namespace Hotplug.Inference.Sampling;

/// <summary>
/// Top-k, top-p and min-p over a vocabulary. Each keeps a prefix of the ranking, so they may be taken in the order that costs least and
/// give what their documented order gives. Owns its buffers; one thread at a time.
/// </summary>
internal sealed class CandidateFilter
{
    /// <summary>Up to here the best tokens are kept in a heap; more are selected from an array of all.</summary>
    private const int LargestHeap = 1024;

    private readonly int _topK;
    private readonly double _topP, _minP;
    private readonly ulong[] _candidates;
    private readonly double[] _weights;

    public CandidateFilter(SamplerOptions options, int vocabularySize)
    {
        (_topK, _topP, _minP) = (Math.Min(options.TopK, vocabularySize), options.TopP, options.MinP);
        _candidates = new ulong[_topK is > 0 and <= LargestHeap ? _topK : vocabularySize];
        _weights = new double[_topK == 0 && _topP < 1 ? vocabularySize : 0];
    }

    /// <summary>The tokens that pass, as candidates in no order; at least one. The span is valid until the next call.</summary>
    /// <param name="logits">Finite logits, as many as the vocabulary has tokens.</param>
    /// <param name="max">The highest of them.</param>
    public Span<ulong> Apply(ReadOnlySpan<float> logits, float max)
    {
        int count;
        var total = 0.0;
        var weight = new SoftmaxWeight(max);
        if (_topK > 0)
        {
            count = SelectBest(logits);
            if (_topP < 1)
                foreach (var candidate in _candidates.AsSpan(0, count)) total += weight.Of(candidate);
        }
        else
        {
            if (_topP < 1)
            {
                ExactExp.Weights(logits, max, 1, _weights);
                foreach (var value in _weights) total += value;
            }

            count = Gather(logits, Math.Max(LeastProbable(max), LeastOfNucleus(max, total, logits.Length)));
        }

        if (_minP > 0) count = KeepProbable(count, weight);
        return _candidates.AsSpan(0, _topP < 1 ? Nucleus.Select(_candidates.AsSpan(0, count), weight, _topP * total) : count);
    }

    private int SelectBest(ReadOnlySpan<float> logits)
    {
        if (_topK <= LargestHeap) return TopK.Select(logits, _candidates);
        var all = Gather(logits, float.NegativeInfinity);
        return Nucleus.Select(_candidates.AsSpan(0, all), new UnitWeight(), _topK);
    }

    private int Gather(ReadOnlySpan<float> logits, float least)
    {
        var count = 0;
        for (var token = -1; (token = LogitScan.NextAtLeast(logits, least, token + 1)) >= 0;)
            _candidates[count++] = Candidate.Of(logits[token], token);
        return count;
    }

    private int KeepProbable(int count, SoftmaxWeight weight)
    {
        var kept = 0;
        foreach (var candidate in _candidates.AsSpan(0, count))
            if (weight.Of(candidate) >= _minP) _candidates[kept++] = candidate;
        return kept;
    }

    // No token below this passes min-p. A little low, because logarithms differ between machines; who decides is KeepProbable.
    private float LeastProbable(float max) => _minP > 0 ? (float)(max + Math.Log(_minP) - 0.01) : float.NegativeInfinity;

    // All tokens further than this below the best hold less than 1 - p of the mass together, so none of them is needed to reach p.
    // Rounded up, because logarithms differ between machines.
    private float LeastOfNucleus(float max, double total, int tokens) =>
        _topP < 1 ? (float)(max - Math.Ceiling(Math.Log(tokens / ((1 - _topP) * total)) + 1)) : float.NegativeInfinity;
}
