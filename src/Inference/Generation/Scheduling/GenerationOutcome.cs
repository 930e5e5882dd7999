using Hotplug.Inference.Sampling;

namespace Hotplug.Inference.Generation.Scheduling;

/// <summary>How a text ended.</summary>
/// <param name="Finish">Why.</param>
/// <param name="StopString">The stop string that appeared, or null.</param>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="GeneratedTokens">Tokens generated.</param>
/// <param name="EvaluatedTokens">Tokens evaluated: fewer than prompt and text where the beginning was known already.</param>
/// <param name="Choices">What was chosen from, if it was asked for.</param>
public sealed record GenerationOutcome(FinishReason Finish, string? StopString, int PromptTokens, int GeneratedTokens, int EvaluatedTokens, IReadOnlyList<TokenChoice> Choices)
{
    /// <summary>How long it took.</summary>
    public GenerationTiming Timing { get; init; }

    /// <summary>Tokens of the prompt that did not have to be evaluated, because a slot had them from an earlier request. The last token of a text is not evaluated any more.</summary>
    public int CachedTokens => Math.Clamp(PromptTokens + GeneratedTokens - 1 - EvaluatedTokens, 0, PromptTokens);
}
