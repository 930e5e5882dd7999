using Hotplug.Inference.Sampling.Steps;
using Hotplug.Inference.Tokenization;

namespace Hotplug.Inference.Sampling;

/// <summary>
/// Chooses tokens from logits as <see cref="SamplerOptions"/> say. With the same options, logits and state it chooses the same tokens on every
/// machine. Owns buffers for one vocabulary and allocates nothing per token. One thread at a time.
/// </summary>
public sealed class Sampler
{
    /// <summary>Most tokens that can be banned from one choice.</summary>
    public const int MaxBanned = 64;

    private readonly SamplerOptions _options;
    private readonly float[] _logits;
    private readonly double[] _weights;
    private readonly TokenHistory _history;
    private readonly KeyValuePair<int, float>[] _biases;
    private readonly int[] _banned;
    private readonly float[] _lifted = new float[MaxBanned];
    private readonly DryPenalty? _dry;
    private readonly PenaltyStep? _penalties;
    private readonly CandidateFilter? _filter;
    private readonly SamplerChain? _chain;
    private Xoshiro256 _random;

    /// <summary>Begins a text. Without a tokenizer the breakers of DRY are not known, and nothing breaks a sequence.</summary>
    /// <exception cref="ArgumentException">The options are wrong, or the vocabulary is empty.</exception>
    public Sampler(SamplerOptions options, int vocabularySize) : this(options, vocabularySize, tokenizer: null)
    {
    }

    /// <summary>Begins a text.</summary>
    /// <exception cref="ArgumentException">The options are wrong, or do not fit the vocabulary.</exception>
    public Sampler(SamplerOptions options, Tokenizer tokenizer) : this(options, Size(tokenizer), tokenizer)
    {
    }

    /// <summary>Goes on with a text where another sampler stopped, wherever that was.</summary>
    /// <exception cref="ArgumentException">The options or the state are wrong, or do not fit the vocabulary.</exception>
    public Sampler(SamplerOptions options, int vocabularySize, SamplerState state) : this(options, vocabularySize, tokenizer: null) => Restore(state);

    /// <inheritdoc cref="Sampler(SamplerOptions, int, SamplerState)"/>
    public Sampler(SamplerOptions options, Tokenizer tokenizer, SamplerState state) : this(options, Size(tokenizer), tokenizer) => Restore(state);

    private Sampler(SamplerOptions options, int vocabularySize, Tokenizer? tokenizer)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabularySize, 1);
        options.ThrowIfInvalid();
        _options = options;
        _random = new(options.Seed);
        _logits = new float[vocabularySize];
        _biases = [.. options.LogitBias.Where(bias => bias.Value != 0).OrderBy(bias => bias.Key)];
        _banned = [.. options.BannedTokens.Distinct()];
        foreach (var token in _biases.Select(bias => bias.Key).Concat(_banned)) CheckToken(token);
        if (_banned.Length >= vocabularySize) throw new ArgumentException($"All {vocabularySize} tokens of the vocabulary are banned, and one has to follow.", nameof(options));

        var dry = options.Dry is { Multiplier: > 0, Range: > 0 } wished ? wished : null;
        var penalised = PenaltyStep.IsAsked(options);
        // What breaks a sequence may have begun before the range.
        var wanted = Math.Max(penalised ? options.RepetitionWindow : 0, dry is null ? 0 : dry.Range + DryOptions.MaxBreakerBytes);
        _history = new(wanted, dry is null || tokenizer is null ? null : new BreakerTexts(tokenizer, dry.Breakers));
        _dry = dry is null ? null : new(dry, _history, vocabularySize);
        if (SamplerChain.IsNeeded(options)) _chain = new(options, _history, vocabularySize);
        else if (penalised && options.Order?.Contains(SamplerStep.Penalties) is null or true) _penalties = new(options, _history, vocabularySize);
        var draws = options.Temperature > 0 && _chain is null;
        _filter = draws && options is not { TopK: 0, TopP: 1, MinP: 0 } ? new(options, vocabularySize) : null;
        _weights = new double[!draws ? 0 : options.TopK > 0 ? Math.Min(options.TopK, vocabularySize) : vocabularySize];
    }

    /// <summary>What restricts the choice, such as a grammar; null for nothing. It goes on with every token that is accepted or chosen.</summary>
    public ITokenConstraint? Constraint { get; set; }

    /// <summary>What must be remembered to go on elsewhere. Allocates.</summary>
    public SamplerState Save() => new() { Random = _random.State, RecentTokens = _history.Tokens.ToArray(), AllowedSurprise = _chain?.AllowedSurprise };

    /// <summary>Counts a token as recent that was not chosen here: one of the prompt, or one that was forced. A constraint does not see it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The vocabulary has no such token.</exception>
    public void Accept(int token)
    {
        CheckToken(token);
        _history.Add(token);
    }

    /// <summary>Forgets the recent tokens and counts these instead, as when a text is taken back. Chance goes on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The vocabulary has no such token.</exception>
    public void Rewind(ReadOnlySpan<int> tokens)
    {
        foreach (var token in tokens) CheckToken(token);
        _history.Replace(tokens);
    }

    /// <summary>Chooses the next token and counts it as recent. Ties go to the lower token. Nothing changes if it throws.</summary>
    /// <param name="logits">One finite logit per token; left as they are.</param>
    /// <param name="banned">Tokens that are not chosen this time, unless none but them may follow; at most <see cref="MaxBanned"/>, each once.</param>
    /// <exception cref="ArgumentException">There are not as many logits as tokens.</exception>
    /// <exception cref="LogitsException">A logit is NaN or infinite.</exception>
    /// <exception cref="InvalidOperationException">The constraint allows only tokens that are banned for good.</exception>
    public int Sample(ReadOnlySpan<float> logits, ReadOnlySpan<int> banned = default)
    {
        if (logits.Length != _logits.Length)
            throw new ArgumentException($"There are {logits.Length} logits, the vocabulary has {_logits.Length} tokens.", nameof(logits));
        LogitScan.CopyFinite(logits, _logits);
        foreach (var (biased, bias) in _biases) _logits[biased] = Math.Clamp(_logits[biased] + bias, float.MinValue, float.MaxValue);
        _dry?.Apply(_logits);
        foreach (var token in _banned) _logits[token] = float.NegativeInfinity;
        Constraint?.Restrict(_logits);
        if (_banned.Length > 0 && Constraint is not null && !float.IsFinite(LogitScan.Max(_logits)))
            throw new InvalidOperationException("All tokens that may follow here are banned for good. Take some out of the banned tokens.");
        Ban(banned);
        _penalties?.Apply(_logits);
        var chosen = _chain?.Draw(_logits, ref _random) ?? Draw(LogitScan.Max(_logits));
        _history.Add(chosen);
        Constraint?.Accept(chosen);
        return chosen;
    }

    private static int Size(Tokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return tokenizer.VocabularySize;
    }

    private void Restore(SamplerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.ThrowIfInvalid();
        _random = new([.. state.Random]);
        if (_chain is not null) _chain.AllowedSurprise = state.AllowedSurprise;
        foreach (var token in state.RecentTokens) Accept(token);
    }

    private void CheckToken(int token)
    {
        if ((uint)token >= (uint)_logits.Length)
            throw new ArgumentOutOfRangeException(nameof(token), token, $"The vocabulary has tokens 0 to {_logits.Length - 1}.");
    }

    // Bans never take the last token: where nothing else may follow, those of this time are lifted.
    private void Ban(ReadOnlySpan<int> banned)
    {
        for (var i = 0; i < banned.Length; i++) (_lifted[i], _logits[banned[i]]) = (_logits[banned[i]], float.NegativeInfinity);
        if (banned.IsEmpty || float.IsFinite(LogitScan.Max(_logits))) return;
        for (var i = banned.Length - 1; i >= 0; i--) _logits[banned[i]] = _lifted[i];
    }

    private int Draw(float max)
    {
        if (_options.Temperature == 0) return LogitScan.NextAtLeast(_logits, max, 0);
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
