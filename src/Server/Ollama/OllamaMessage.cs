using System.Text.Json;
using Hotplug.Server.Http;
using Microsoft.Extensions.AI;

namespace Hotplug.Server.Ollama;

/// <summary>A message of a conversation; also of an answer.</summary>
internal sealed record OllamaMessage
{
    public string? Role { get; init; }
    public string? Content { get; init; }
    public string? Thinking { get; init; }
    public string? ToolName { get; init; }
    public IReadOnlyList<OllamaToolCall>? ToolCalls { get; init; }
    public IReadOnlyList<JsonElement>? Images { get; init; }

    /// <summary>The message for a chat client.</summary>
    /// <param name="index">Its place, for what is wrong with it.</param>
    /// <param name="waiting">Calls of earlier messages that have no result yet.</param>
    public ChatMessage ToMessage(int index, List<FunctionCallContent> waiting)
    {
        var at = $"messages.[{index}]";
        if (Images is { Count: > 0 }) throw ApiException.Unsupported($"{at}.images", "the models read text.");
        var text = Content ?? "";
        switch (Role)
        {
            case "system":
                return new(ChatRole.System, text);
            case "user":
                return new(ChatRole.User, text);
            case "tool":
                var call = waiting.FirstOrDefault(c => ToolName is null || c.Name == ToolName) ?? throw ApiException.Invalid($"A message of a tool answers no call of {ToolName ?? "a tool"}.", at);
                waiting.Remove(call);
                return new(ChatRole.Tool, [new FunctionResultContent(call.CallId, text)]);
            case "assistant":
                var contents = new List<AIContent>();
                if (!string.IsNullOrEmpty(Thinking)) contents.Add(new TextReasoningContent(Thinking));
                if (text.Length > 0) contents.Add(new TextContent(text));
                for (var i = 0; i < ToolCalls?.Count; i++)
                {
                    var made = ToolCalls[i].ToContent($"call_{index}_{i}", $"{at}.tool_calls");
                    contents.Add(made);
                    waiting.Add(made);
                }
                return new(ChatRole.Assistant, contents);
            default:
                throw ApiException.Invalid($"'{Role}' is no role; there are system, user, assistant and tool.", $"{at}.role");
        }
    }
}
