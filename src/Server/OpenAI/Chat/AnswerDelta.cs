namespace Hotplug.Server.OpenAI.Chat;

/// <summary>A piece of an answer.</summary>
internal sealed record AnswerDelta(string? Role = null, string? Content = null, string? ReasoningContent = null, IReadOnlyList<AnswerToolCall>? ToolCalls = null);
