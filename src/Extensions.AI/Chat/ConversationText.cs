using System.Text.Json;
using Hotplug.Inference.Chat;
using Microsoft.Extensions.AI;

namespace Hotplug.Extensions.AI.Chat;

/// <summary>Messages as chat templates see them.</summary>
internal static class ConversationText
{
    /// <summary>Translates messages; instructions come first, as the system's.</summary>
    /// <exception cref="NotSupportedException">A message has something that is no text, nor a call of a tool or its result.</exception>
    public static List<TemplateMessage> Translate(IEnumerable<ChatMessage> messages, string? instructions)
    {
        var result = new List<TemplateMessage>();
        if (!string.IsNullOrEmpty(instructions)) result.Add(new("system", instructions));
        foreach (var message in messages)
        {
            ArgumentNullException.ThrowIfNull(message, nameof(messages));
            var (text, reasoning) = ("", "");
            var calls = new List<ToolCall>();
            foreach (var content in message.Contents)
                switch (content)
                {
                    case TextReasoningContent thought:
                        reasoning += thought.Text;
                        break;
                    case TextContent words:
                        text += words.Text;
                        break;
                    case FunctionCallContent call:
                        calls.Add(new(call.CallId, call.Name, JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>(), AIJsonUtilities.DefaultOptions)));
                        break;
                    case FunctionResultContent answer:
                        result.Add(new("tool", Text(answer.Result)) { ToolCallId = answer.CallId });
                        break;
                    case UsageContent:
                        break;
                    default:
                        throw new NotSupportedException($"A message of {message.Role} has a {content.GetType().Name}; the model reads text, calls of tools and their results.");
                }
            if (message.Role == ChatRole.Tool && text.Length == 0) continue;
            result.Add(new(message.Role.Value, text.Length == 0 && calls.Count > 0 ? null : text) { Reasoning = reasoning.Length > 0 ? reasoning : null, Name = message.AuthorName, ToolCalls = calls });
        }
        // Some templates insist on one message of the system, and on its being the first.
        while (result is [{ Role: "system" } first, { Role: "system" } second, ..])
        {
            result[0] = first with { Content = $"{first.Content}\n\n{second.Content}" };
            result.RemoveAt(1);
        }
        return result;
    }

    private static string Text(object? result) => result switch
    {
        null => "",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
        _ => JsonSerializer.Serialize(result, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(object))),
    };
}
