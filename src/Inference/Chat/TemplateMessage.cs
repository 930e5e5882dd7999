namespace Hotplug.Inference.Chat;

/// <summary>A message as chat templates see it.</summary>
public sealed record TemplateMessage
{
    /// <summary>Creates a message.</summary>
    public TemplateMessage(string role, string? content) => (Role, Content) = (role, content);

    /// <summary><c>system</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>; other roles are passed on as they are.</summary>
    public string Role { get; init; }

    /// <summary>The text; null for an answer that only calls tools.</summary>
    public string? Content { get; init; }

    /// <summary>What a model thought before its answer, if it is known.</summary>
    public string? Reasoning { get; init; }

    /// <summary>Who speaks, or the tool that answers.</summary>
    public string? Name { get; init; }

    /// <summary>The call that this message of a tool answers.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>Calls that an answer makes.</summary>
    // A reader of JSON sets what is missing to null.
    public IReadOnlyList<ToolCall> ToolCalls { get; init => field = value ?? []; } = [];
}
