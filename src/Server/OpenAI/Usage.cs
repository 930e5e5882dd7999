using Hotplug.Inference.Generation.Scheduling;

namespace Hotplug.Server.OpenAI;

/// <summary>What an answer took.</summary>
internal sealed record Usage(int PromptTokens, int CompletionTokens, int TotalTokens, PromptDetails? PromptTokensDetails = null)
{
    /// <summary>The usage of a generation.</summary>
    public static Usage Of(GenerationOutcome outcome) => new(outcome.PromptTokens, outcome.GeneratedTokens, outcome.PromptTokens + outcome.GeneratedTokens,
        // The last token of an answer is not evaluated any more.
        new(Math.Clamp(outcome.PromptTokens + outcome.GeneratedTokens - 1 - outcome.EvaluatedTokens, 0, outcome.PromptTokens)));
}
