namespace Hotplug.Inference.Sampling;

/// <summary>
/// How the next token is chosen. Logit bias, DRY and the grammar act on all tokens first. Then the steps follow in <see cref="Order"/>, by default penalties, top-k, top-a,
/// tail-free, typical, top-p, min-p, temperature, top-n-sigma, XTC; then one token is drawn. Filters before the temperature therefore see the probabilities of the model.
/// Immutable, safe from any thread.
/// </summary>
public sealed partial record SamplerOptions
{
    /// <summary>Longest <see cref="RepetitionWindow"/>.</summary>
    public const int MaxRepetitionWindow = 1 << 20;

    /// <summary>Most entries of <see cref="LogitBias"/>, and of <see cref="BannedTokens"/>.</summary>
    public const int MaxBiases = 4096;

    /// <summary>Logits are divided by it: below 1 is more certain, above 1 more varied. 0 takes the best token, without chance.</summary>
    public float Temperature { get; init; } = 0.8f;

    /// <summary>Keeps this many of the best tokens; 0 keeps all.</summary>
    public int TopK { get; init; } = 40;

    /// <summary>Keeps the fewest of the best tokens whose probabilities sum to this (nucleus sampling, Holtzman et al. 2019); 1 keeps all.</summary>
    public float TopP { get; init; } = 0.95f;

    /// <summary>Keeps tokens at least this times as probable as the best one (Nguyen et al. 2024); 0 keeps all.</summary>
    public float MinP { get; init; } = 0.05f;

    /// <summary>Keeps tokens at least as probable as this times the square of the best one's probability; 0 keeps all.</summary>
    public float TopA { get; init; }

    /// <summary>Cuts the tail off where the probabilities stop bending (Phénix, Egan 2019); 1 keeps all.</summary>
    public float TailFree { get; init; } = 1f;

    /// <summary>Keeps the tokens whose surprise is nearest to the expected one, until they sum to this (Meister et al. 2022); 1 keeps all.</summary>
    public float Typical { get; init; } = 1f;

    /// <summary>Keeps tokens whose logit lies at most this many standard deviations below the best one (Tang et al. 2024); 0 keeps all.</summary>
    public float TopNSigma { get; init; }

    /// <summary>The temperature ranges this far up and down, with the entropy of the tokens left; 0 keeps it fixed.</summary>
    public float DynamicTemperatureRange { get; init; }

    /// <summary>How the temperature follows the entropy: with this power.</summary>
    public float DynamicTemperatureExponent { get; init; } = 1f;

    /// <summary>Quadratic smoothing: logits fall from the best one with this times the square of their distance; 0 leaves them.</summary>
    public float SmoothingFactor { get; init; }

    /// <summary>Bends the smoothing with a cubic part; 1 has none.</summary>
    public float SmoothingCurve { get; init; } = 1f;

    /// <summary>Positive logits of recent tokens are divided by it, negative ones multiplied (Keskar et al. 2019); 1 changes nothing.</summary>
    public float RepetitionPenalty { get; init; } = 1f;

    /// <summary>The share of the repetition penalty that the older half of the window gets; 1 for all of it.</summary>
    public float RepetitionSlope { get; init; } = 1f;

    /// <summary>How many tokens count as recent; 0 is none.</summary>
    public int RepetitionWindow { get; init; } = 64;

    /// <summary>Taken from the logit of every recent token.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Taken from the logit of every recent token for each time it is there.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Punishes repeated sequences; null does not.</summary>
    public DryOptions? Dry { get; init; }

    /// <summary>Excludes top choices by chance; null does not.</summary>
    public XtcOptions? Xtc { get; init; }

    /// <summary>Chooses by surprise, in place of the filters; null does not.</summary>
    public MirostatOptions? Mirostat { get; init; }

    /// <summary>Added to the logits of tokens, by token.</summary>
    public IReadOnlyDictionary<int, float> LogitBias { get; init; } = new Dictionary<int, float>();

    /// <summary>Tokens that are never chosen.</summary>
    public IReadOnlyList<int> BannedTokens { get; init; } = [];

    /// <summary>The steps in the order they are taken; those left out are not. Null for <see cref="SamplerOrder.Default"/>.</summary>
    public IReadOnlyList<SamplerStep>? Order { get; init; }

    /// <summary>
    /// Chains of more than penalties, top-k, top-p, min-p and temperature in their default order sort the tokens, and consider this many of the best only; 0 for all, which takes longer.
    /// </summary>
    public int Candidates { get; init; } = 3000;

    /// <summary>Where chance begins: with the same logits, the same seed gives the same tokens on every machine.</summary>
    public ulong Seed { get; init; }
}
