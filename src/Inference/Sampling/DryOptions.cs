namespace Hotplug.Inference.Sampling;

/// <summary>
/// DRY ("don't repeat yourself", p-e-w 2024): a token that would go on with a sequence the text already has loses
/// <c>multiplier · base^(length − allowed)</c> of its logit, where <c>length</c> is how much of the sequence is there.
/// </summary>
public sealed record DryOptions
{
    /// <summary>Most breakers.</summary>
    public const int MaxBreakers = 128;

    /// <summary>Longest breaker in bytes of UTF-8.</summary>
    public const int MaxBreakerBytes = 64;

    /// <summary>Strength; 0 changes nothing.</summary>
    public float Multiplier { get; init; } = 0.8f;

    /// <summary>Growth per token of length, at least 1.</summary>
    public float Base { get; init; } = 1.75f;

    /// <summary>Sequences up to this long go unpunished.</summary>
    public int AllowedLength { get; init; } = 2;

    /// <summary>How many of the last tokens are looked at.</summary>
    public int Range { get; init; } = 2048;

    /// <summary>No sequence goes on across these texts, nor across tokens that write nothing.</summary>
    public IReadOnlyList<string> Breakers { get; init; } = ["\n", ":", "\"", "*"];

    internal IEnumerable<string> Problems()
    {
        if (!(Multiplier >= 0 && float.IsFinite(Multiplier))) yield return $"Dry.{nameof(Multiplier)} is {Multiplier}; it must be at least 0, which changes nothing.";
        if (!(Base >= 1 && float.IsFinite(Base))) yield return $"Dry.{nameof(Base)} is {Base}; it must be at least 1.";
        if (AllowedLength < 1) yield return $"Dry.{nameof(AllowedLength)} is {AllowedLength}; it must be at least 1.";
        if (Range is < 0 or > SamplerOptions.MaxRepetitionWindow) yield return $"Dry.{nameof(Range)} is {Range}; it must be from 0 to {SamplerOptions.MaxRepetitionWindow} tokens.";
        if (Breakers is null || Breakers.Count > MaxBreakers) yield return $"Dry.{nameof(Breakers)} must be a list of at most {MaxBreakers} texts.";
        else if (Breakers.Any(b => string.IsNullOrEmpty(b) || System.Text.Encoding.UTF8.GetByteCount(b) > MaxBreakerBytes))
            yield return $"Dry.{nameof(Breakers)} has a text that is empty or longer than {MaxBreakerBytes} bytes.";
    }
}
