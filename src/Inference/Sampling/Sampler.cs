namespace Hotplug.Inference.Sampling;

/// <summary>
/// Chooses tokens from logits as <see cref="SamplerOptions"/> say. With the same options, logits and state it chooses the same tokens on every
/// machine. Owns buffers for one vocabulary and allocates nothing per token. One thread at a time.
/// </summary>
public sealed class Sampler
{
    private readonly SamplerOptions _options;
    private readonly float[] _logits;
    private readonly double[] _weights;
    private readonly RecentTokens _recent;
    private readonly CandidateFilter? _filter;
    private Xoshiro256 _random;

    /// <summary>Begins a text.</summary>
    /// <exception cref="ArgumentException">The options are wrong, or the vocabulary is empty.</exception>
    public Sampler(SamplerOptions options, int vocabularySize)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabularySize, 1);
        options.ThrowIfInvalid();
        _options = options;
        _random = new(options.Seed);
        _logits = new float[vocabularySize];
        _recent = new(options.RepetitionPenalty == 1 ? 0 : options.RepetitionWindow);
        var draws = options.Temperature > 0;
        _filter = draws && options is not { TopK: 0, TopP: 1, MinP: 0 } ? new(options, vocabularySize) : null;
        _weights = new double[!draws ? 0 : options.TopK > 0 ? Math.Min(options.TopK, vocabularySize) : vocabularySize];
    }

    /// <summary>Goes on with a text where another sampler stopped, wherever that was.</summary>
    /// <exception cref="ArgumentException">The options or the state are wrong, or do not fit the vocabulary.</exception>
    public Sampler(SamplerOptions options, int vocabularySize, SamplerState state) : this(options, vocabularySize)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.ThrowIfInvalid();
        _random = new([.. state.Random]);
        foreach (var token in state.RecentTokens) Accept(token);
    }

    /// <summary>What must be remembered to go on elsewhere. Allocates.</summary>
    public SamplerState Save() => new() { Random = _random.State, RecentTokens = _recent.ToArray() };

    /// <summary>Counts a token as recent that was not chosen here: one of the prompt, or one that was forced.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The vocabulary has no such token.</exception>
    public void Accept(int token)
    {
        if ((uint)token >= (uint)_logits.Length)
            throw new ArgumentOutOfRangeException(nameof(token), token, $"The vocabulary has tokens 0 to {_logits.Length - 1}.");
        _recent.Add(token);
    }

    /// <summary>Chooses the next token and counts it as recent. Ties go to the lower token. Nothing changes if it throws.</summary>
    /// <param name="logits">One finite logit per token; left as they are.</param>
    /// <exception cref="ArgumentException">There are not as many logits as tokens.</exception>
    /// <exception cref="LogitsException">A logit is NaN or infinite.</exception>
    public int Sample(ReadOnlySpan<float> logits)
    {
        if (logits.Length != _logits.Length)
            throw new ArgumentException($"There are {logits.Length} logits, the vocabulary has {_logits.Length} tokens.", nameof(logits));
        LogitScan.CopyFinite(logits, _logits);
        Penalise(logits);
        var max = LogitScan.Max(_logits);
        var token = _options.Temperature == 0 ? LogitScan.NextAtLeast(_logits, max, 0) : Draw(max);
        _recent.Add(token);
        return token;
    }

    // A token that is recent several times is penalised once: from the logits as they came.
    private void Penalise(ReadOnlySpan<float> logits)
    {
        foreach (var token in _recent.Unordered)
        {
            var logit = logits[token];
            var penalised = logit > 0 ? logit / _options.RepetitionPenalty : logit * _options.RepetitionPenalty;
            _logits[token] = Math.Clamp(penalised, float.MinValue, float.MaxValue);
        }
    }

    private int Draw(float max)
    {
        var scale = 1.0 / _options.Temperature;
        if (_filter is null)
        {
            ExactExp.Weights(_logits, max, scale, _weights);
            return Pick(_weights);
        }

        // Drawn in the order of the tokens, whatever way they were found.
        var tokens = _filter.Apply(_logits, max);
        foreach (ref var candidate in tokens) candidate = (uint)Candidate.Token(candidate);
        tokens.Sort();
        var weights = _weights.AsSpan(0, tokens.Length);
        for (var i = 0; i < weights.Length; i++) weights[i] = ExactExp.Of(((double)_logits[tokens[i]] - max) * scale);
        return (int)tokens[Pick(weights)];
    }

    // Draws an index with probability in proportion to its weight; one weight at least is 1.
    private int Pick(ReadOnlySpan<double> weights)
    {
        var total = 0.0;
        foreach (var weight in weights) total += weight;
        var target = _random.NextUnit() * total;
        var (sum, last) = (0.0, 0);
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] == 0) continue;
            sum += weights[i];
            if (sum > target) return i;
            last = i;
        }

        // The target rounded up to the total.
        return last;
    }
}
