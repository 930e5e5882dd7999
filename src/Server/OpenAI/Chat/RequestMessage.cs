using System.Text.Json;
using Hotplug.Server.Http;
using Microsoft.Extensions.AI;

namespace Hotplug.Server.OpenAI.Chat;

/// <summary>A message of a conversation.</summary>
internal sealed record RequestMessage
{
    public string? Role { get; init; }
    public JsonElement? Content { get; init; }
    public string? ReasoningContent { get; init; }
    public string? Name { get; init; }
    public string? ToolCallId { get; init; }
    public IReadOnlyList<RequestToolCall>? ToolCalls { get; init; }

    /// <summary>The message for a chat client.</summary>
    /// <param name="index">Its place, for what is wrong with it.</param>
    public ChatMessage ToMessage(int index)
    {
        var at = $"messages.[{index}]";
        var text = Text(at);
        switch (Role)
        {
            case "system" or "developer":
                return new(ChatRole.System, text) { AuthorName = Name };
            case "user":
                return new(ChatRole.User, text) { AuthorName = Name };
            case "tool":
                return new(ChatRole.Tool, [new FunctionResultContent(ToolCallId ?? throw ApiException.Invalid("A message of a tool does not say which call it answers.", $"{at}.tool_call_id"), text)]);
            case "assistant":
                var contents = new List<AIContent>();
                if (!string.IsNullOrEmpty(ReasoningContent)) contents.Add(new TextReasoningContent(ReasoningContent));
                if (text.Length > 0) contents.Add(new TextContent(text));
                foreach (var call in ToolCalls ?? []) contents.Add(call.ToContent($"{at}.tool_calls"));
                return new(ChatRole.Assistant, contents) { AuthorName = Name };
            default:
                throw ApiException.Invalid($"'{Role}' is no role; there are system, developer, user, assistant and tool.", $"{at}.role");
        }
    }

    private string Text(string at) => Content switch
    {
        null or { ValueKind: JsonValueKind.Null } => "",
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Array } parts => string.Concat(parts.EnumerateArray().Select(part => Part(part, at))),
        _ => throw ApiException.Invalid("The content of a message is neither a text nor a list of parts.", $"{at}.content"),
    };

    private static string Part(JsonElement part, string at)
    {
        var kind = part.ValueKind == JsonValueKind.Object && part.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;
        if (kind is not ("text" or "refusal")) throw ApiException.Invalid($"A message has a part of the type '{kind}'; the model reads text.", $"{at}.content");
        return part.TryGetProperty(kind, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : throw ApiException.Invalid("A part of text has none.", $"{at}.content");
    }
}
