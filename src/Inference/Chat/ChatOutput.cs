namespace Hotplug.Inference.Chat;

/// <summary>A part of an answer.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text; of a call what the model wrote.</param>
/// <param name="Call">The call, if it is one.</param>
public sealed record ChatOutput(ChatOutputKind Kind, string Text, ToolCall? Call = null);
