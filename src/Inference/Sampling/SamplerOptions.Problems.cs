namespace Hotplug.Inference.Sampling;

public sealed partial record SamplerOptions
{
    /// <summary>Says what is wrong, one sentence per value; nothing if the options are right.</summary>
    public IEnumerable<string> Problems()
    {
        if (!(Temperature >= 0 && float.IsFinite(Temperature)))
            yield return $"{nameof(Temperature)} is {Temperature}; use 0 for the best token, or a number such as 0.8.";
        if (TopK < 0) yield return $"{nameof(TopK)} is {TopK}; use 0 to keep all tokens, or a number such as 40.";
        if (!(TopP > 0 && TopP <= 1)) yield return $"{nameof(TopP)} is {TopP}; it must be above 0 and at most 1, which keeps all tokens.";
        if (!(MinP >= 0 && MinP <= 1)) yield return $"{nameof(MinP)} is {MinP}; it must be from 0, which keeps all tokens, to 1.";
        if (!(TopA >= 0 && TopA <= 1)) yield return $"{nameof(TopA)} is {TopA}; it must be from 0, which keeps all tokens, to 1.";
        if (!(TailFree > 0 && TailFree <= 1)) yield return $"{nameof(TailFree)} is {TailFree}; it must be above 0 and at most 1, which keeps all tokens.";
        if (!(Typical > 0 && Typical <= 1)) yield return $"{nameof(Typical)} is {Typical}; it must be above 0 and at most 1, which keeps all tokens.";
        if (!(TopNSigma >= 0 && float.IsFinite(TopNSigma))) yield return $"{nameof(TopNSigma)} is {TopNSigma}; use 0 to keep all tokens, or a number such as 1.";
        foreach (var problem in TemperatureProblems().Concat(PenaltyProblems())) yield return problem;
        foreach (var problem in (Dry?.Problems() ?? []).Concat(Xtc?.Problems() ?? []).Concat(Mirostat?.Problems() ?? [])) yield return problem;
        if (LogitBias is null || LogitBias.Count > MaxBiases) yield return $"{nameof(LogitBias)} must have at most {MaxBiases} entries.";
        else if (LogitBias.Any(b => b.Key < 0 || !float.IsFinite(b.Value))) yield return $"{nameof(LogitBias)} has a token below 0, or a bias that is no number.";
        if (BannedTokens is null || BannedTokens.Count > MaxBiases) yield return $"{nameof(BannedTokens)} must have at most {MaxBiases} entries.";
        else if (BannedTokens.Any(t => t < 0)) yield return $"{nameof(BannedTokens)} has a token below 0.";
        if (Order is not null && SamplerOrder.Problem(Order) is { } order) yield return order;
        if (Candidates < 0) yield return $"{nameof(Candidates)} is {Candidates}; use 0 to consider all tokens, or a number such as 3000.";
    }

    /// <summary>Throws if the options are wrong.</summary>
    /// <exception cref="ArgumentException">Lists all <see cref="Problems"/>.</exception>
    public void ThrowIfInvalid()
    {
        var problems = string.Join(' ', Problems());
        if (problems.Length > 0) throw new ArgumentException(problems);
    }

    private IEnumerable<string> TemperatureProblems()
    {
        if (!(DynamicTemperatureRange >= 0 && float.IsFinite(DynamicTemperatureRange)))
            yield return $"{nameof(DynamicTemperatureRange)} is {DynamicTemperatureRange}; use 0 for a fixed temperature, or a number such as 0.5.";
        if (!(DynamicTemperatureExponent > 0 && float.IsFinite(DynamicTemperatureExponent)))
            yield return $"{nameof(DynamicTemperatureExponent)} is {DynamicTemperatureExponent}; it must be above 0.";
        if (!(SmoothingFactor >= 0 && float.IsFinite(SmoothingFactor))) yield return $"{nameof(SmoothingFactor)} is {SmoothingFactor}; use 0 for none, or a number such as 0.2.";
        if (!(SmoothingCurve >= 1 && float.IsFinite(SmoothingCurve))) yield return $"{nameof(SmoothingCurve)} is {SmoothingCurve}; it must be at least 1.";
    }

    private IEnumerable<string> PenaltyProblems()
    {
        if (!(RepetitionPenalty > 0 && float.IsFinite(RepetitionPenalty)))
            yield return $"{nameof(RepetitionPenalty)} is {RepetitionPenalty}; it must be above 0, and 1 changes nothing.";
        if (!(RepetitionSlope >= 0 && RepetitionSlope <= 1))
            yield return $"{nameof(RepetitionSlope)} is {RepetitionSlope}; it must be from 0 to 1, which gives the whole window the same penalty.";
        if (RepetitionWindow is < 0 or > MaxRepetitionWindow)
            yield return $"{nameof(RepetitionWindow)} is {RepetitionWindow}; it must be from 0 to {MaxRepetitionWindow} tokens.";
        if (!(Math.Abs(PresencePenalty) <= 100)) yield return $"{nameof(PresencePenalty)} is {PresencePenalty}; it must be from -100 to 100.";
        if (!(Math.Abs(FrequencyPenalty) <= 100)) yield return $"{nameof(FrequencyPenalty)} is {FrequencyPenalty}; it must be from -100 to 100.";
    }
}
