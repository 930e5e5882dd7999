namespace Hotplug.Inference.Sampling.Steps;

/// <summary>
/// Repetition, presence and frequency penalties over the window of recent tokens. A token that is recent several times gets the repetition penalty once, that of its last occurrence: the
/// older half of the window gets a share of it.
/// </summary>
internal sealed class PenaltyStep(SamplerOptions options, TokenHistory history, int vocabularySize) : ICandidateStep
{
    private readonly int[] _counts = new int[vocabularySize];
    private readonly bool[] _near = new bool[vocabularySize];
    private readonly double _penalty = options.RepetitionPenalty, _older = options.RepetitionSlope == 1 ? options.RepetitionPenalty : 1 + ((double)options.RepetitionPenalty - 1) * options.RepetitionSlope;

    /// <summary>True if the options ask for it.</summary>
    public static bool IsAsked(SamplerOptions options)
        => options.RepetitionWindow > 0 && (options.RepetitionPenalty != 1 || options.PresencePenalty != 0 || options.FrequencyPenalty != 0);

    public void Apply(CandidateList candidates, ref Xoshiro256 random)
    {
        var window = history.Last(options.RepetitionWindow);
        Count(window);
        foreach (ref var item in candidates.Items)
            if (_counts[item.Token] > 0) item.Logit = Penalised(item.Logit, item.Token);
        Forget(window);
        candidates.Rank();
    }

    /// <summary>The same on the logits of all tokens.</summary>
    public void Apply(Span<float> logits)
    {
        var window = history.Last(options.RepetitionWindow);
        Count(window);
        for (var i = 0; i < window.Length; i++)
        {
            var token = window[i];
            if (_counts[token] == 0) continue;
            logits[token] = (float)Penalised(logits[token], token);
            _counts[token] = 0;
        }

        Forget(window);
    }

    private void Count(ReadOnlySpan<int> window)
    {
        for (var i = 0; i < window.Length; i++)
        {
            _counts[window[i]]++;
            if (i >= window.Length / 2) _near[window[i]] = true;
        }
    }

    private void Forget(ReadOnlySpan<int> window)
    {
        foreach (var token in window) (_counts[token], _near[token]) = (0, false);
    }

    private double Penalised(double logit, int token)
    {
        if (double.IsInfinity(logit)) return logit;
        var penalty = _near[token] ? _penalty : _older;
        // In single precision, as the logits came.
        var repeated = logit > 0 ? (float)logit / (float)penalty : (float)logit * (float)penalty;
        return Math.Clamp(repeated - options.PresencePenalty - (double)options.FrequencyPenalty * _counts[token], float.MinValue, float.MaxValue);
    }
}
