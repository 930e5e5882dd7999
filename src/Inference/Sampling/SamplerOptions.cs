namespace Hotplug.Inference.Sampling;

/// <summary>
/// How the next token is chosen. The steps are taken in this order: repetition penalty, top-k, top-p, min-p, temperature, draw;
/// the filters therefore see the probabilities of the model, not those after temperature. Immutable, safe from any thread.
/// </summary>
public sealed record SamplerOptions
{
    /// <summary>Longest <see cref="RepetitionWindow"/>.</summary>
    public const int MaxRepetitionWindow = 1 << 20;

    /// <summary>Logits are divided by it before the draw: below 1 is more certain, above 1 more varied. 0 takes the best token, without chance.</summary>
    public float Temperature { get; init; } = 0.8f;

    /// <summary>Keeps this many of the best tokens; 0 keeps all.</summary>
    public int TopK { get; init; } = 40;

    /// <summary>Keeps the fewest of the best tokens whose probabilities sum to this (nucleus sampling, Holtzman et al. 2019); 1 keeps all.</summary>
    public float TopP { get; init; } = 0.95f;

    /// <summary>Keeps tokens at least this times as probable as the best one (Nguyen et al. 2024); 0 keeps all.</summary>
    public float MinP { get; init; } = 0.05f;

    /// <summary>Positive logits of recent tokens are divided by it, negative ones multiplied (Keskar et al. 2019); 1 changes nothing.</summary>
    public float RepetitionPenalty { get; init; } = 1f;

    /// <summary>How many tokens count as recent; 0 is none.</summary>
    public int RepetitionWindow { get; init; } = 64;

    /// <summary>Where chance begins: with the same logits, the same seed gives the same tokens on every machine.</summary>
    public ulong Seed { get; init; }

    /// <summary>Says what is wrong, one sentence per value; nothing if the options are right.</summary>
    public IEnumerable<string> Problems()
    {
        if (!(Temperature >= 0 && float.IsFinite(Temperature)))
            yield return $"{nameof(Temperature)} is {Temperature}; use 0 for the best token, or a number such as 0.8.";
        if (TopK < 0) yield return $"{nameof(TopK)} is {TopK}; use 0 to keep all tokens, or a number such as 40.";
        if (!(TopP > 0 && TopP <= 1)) yield return $"{nameof(TopP)} is {TopP}; it must be above 0 and at most 1, which keeps all tokens.";
        if (!(MinP >= 0 && MinP <= 1)) yield return $"{nameof(MinP)} is {MinP}; it must be from 0, which keeps all tokens, to 1.";
        if (!(RepetitionPenalty > 0 && float.IsFinite(RepetitionPenalty)))
            yield return $"{nameof(RepetitionPenalty)} is {RepetitionPenalty}; it must be above 0, and 1 changes nothing.";
        if (RepetitionWindow is < 0 or > MaxRepetitionWindow)
            yield return $"{nameof(RepetitionWindow)} is {RepetitionWindow}; it must be from 0 to {MaxRepetitionWindow} tokens.";
    }

    /// <summary>Throws if the options are wrong.</summary>
    /// <exception cref="ArgumentException">Lists all <see cref="Problems"/>.</exception>
    public void ThrowIfInvalid()
    {
        var problems = string.Join(' ', Problems());
        if (problems.Length > 0) throw new ArgumentException(problems);
    }
}
