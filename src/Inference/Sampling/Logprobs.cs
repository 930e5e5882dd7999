namespace Hotplug.Inference.Sampling;

/// <summary>Log probabilities of the chosen token and of the best ones. Owns its buffers and allocates nothing per token. One thread at a time.</summary>
internal sealed class Logprobs(int best, int vocabularySize)
{
    private readonly ulong[] _candidates = new ulong[best];
    private readonly TokenLogprob[] _best = new TokenLogprob[best];
    private readonly double[] _weights = new double[vocabularySize];
    private int _count;

    /// <summary>The token that was chosen.</summary>
    public TokenLogprob Chosen { get; private set; }

    /// <summary>The best tokens, best first. Valid until the next measurement.</summary>
    public ReadOnlySpan<TokenLogprob> Best => _best.AsSpan(0, _count);

    /// <summary>Measures a choice.</summary>
    public void Measure(ReadOnlySpan<float> logits, int chosen)
    {
        var max = LogitScan.Max(logits);
        ExactExp.Weights(logits, max, 1, _weights);
        var total = 0.0;
        foreach (var weight in _weights) total += weight;
        var scale = max + ExactLog.Of(total);
        Chosen = new(chosen, (float)(logits[chosen] - scale));
        _count = _candidates.Length == 0 ? 0 : TopK.Select(logits, _candidates);
        for (var i = 0; i < _count; i++) _best[i] = new(Candidate.Token(_candidates[i]), (float)(Candidate.Logit(_candidates[i]) - scale));
    }
}
