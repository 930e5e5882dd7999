using Hotplug.Inference.Sampling.Steps;

namespace Hotplug.Inference.Sampling;

/// <summary>The steps of sampling in their order, for options that <see cref="CandidateFilter"/> does not cover. One thread at a time.</summary>
internal sealed class SamplerChain
{
    private readonly CandidateList _candidates;
    private readonly ICandidateStep[] _steps;
    private readonly Mirostat? _mirostat;

    public SamplerChain(SamplerOptions options, TokenHistory history, int vocabularySize)
    {
        var capacity = options.Candidates == 0 ? vocabularySize : Math.Min(options.Candidates, vocabularySize);
        _candidates = new(capacity);
        _mirostat = options.Mirostat is { } mirostat ? new(mirostat, vocabularySize) : null;
        var order = options.Order ?? (IReadOnlyList<SamplerStep>)SamplerOrder.Default;
        _steps = [.. (_mirostat is null ? order : order.Where(step => step is SamplerStep.Penalties or SamplerStep.Temperature)).Select(Make).OfType<ICandidateStep>()];

        ICandidateStep? Make(SamplerStep step) => step switch
        {
            SamplerStep.Penalties => PenaltyStep.IsAsked(options) ? new PenaltyStep(options, history, vocabularySize) : null,
            SamplerStep.TopK => options.TopK > 0 ? new TopKStep(options.TopK) : null,
            SamplerStep.TopA => options.TopA > 0 ? new TopAStep(options.TopA) : null,
            SamplerStep.TailFree => options.TailFree < 1 ? new TailFreeStep(options.TailFree) : null,
            SamplerStep.Typical => options.Typical < 1 ? new TypicalStep(options.Typical, capacity) : null,
            SamplerStep.TopP => options.TopP < 1 ? new TopPStep(options.TopP) : null,
            SamplerStep.MinP => options.MinP > 0 ? new MinPStep(options.MinP) : null,
            SamplerStep.Temperature => new TemperatureStep(options),
            SamplerStep.TopNSigma => options.TopNSigma > 0 ? new TopNSigmaStep(options.TopNSigma) : null,
            SamplerStep.Xtc => options.Xtc is { Probability: > 0 } xtc ? new XtcStep(xtc) : null,
            _ => null,
        };
    }

    /// <summary>True if only a chain does what the options say.</summary>
    public static bool IsNeeded(SamplerOptions options)
        => options.Temperature > 0
            && (options is not { TopA: 0, TailFree: 1, Typical: 1, TopNSigma: 0, DynamicTemperatureRange: 0, SmoothingFactor: 0, Mirostat: null, Xtc: null or { Probability: 0 } }
                || (options.Order is { } order && !order.SequenceEqual(SamplerOrder.Default)));

    /// <summary>What mirostat has learned, or null.</summary>
    public double? AllowedSurprise
    {
        get => _mirostat?.AllowedSurprise;
        set
        {
            if (_mirostat is not null && value is { } known) _mirostat.AllowedSurprise = known;
        }
    }

    /// <summary>Takes the steps and draws.</summary>
    /// <param name="logits">Logits of all tokens; at least one is finite.</param>
    /// <param name="random">Chance.</param>
    public int Draw(ReadOnlySpan<float> logits, ref Xoshiro256 random)
    {
        _candidates.Fill(logits);
        foreach (var step in _steps) step.Apply(_candidates, ref random);
        return _mirostat is not null ? _mirostat.Draw(_candidates, ref random) : _candidates.Draw(ref random).Token;
    }
}
