using System.Text.Json.Serialization;

namespace Hotplug.Server.OpenAI.Chat;

/// <summary>An answer.</summary>
internal sealed record AnswerMessage(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Content,
    string? ReasoningContent,
    IReadOnlyList<AnswerToolCall>? ToolCalls)
{
    public string Role => "assistant";
}
