namespace Hotplug.Server.KoboldAI;

/// <summary>A text.</summary>
internal sealed record GenerateResult(string Text, string? FinishReason = null, KoboldLogprobs? Logprobs = null, int? PromptTokens = null, int? CompletionTokens = null);
