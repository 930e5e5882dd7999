using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hotplug.Inference.Chat;

/// <summary>Reads what a model wrote as calls of tools: an object or a list of them, with <c>name</c> and <c>arguments</c> or <c>parameters</c>.</summary>
internal static class ToolCallReader
{
    /// <summary>The calls; none if the text is something else.</summary>
    /// <param name="text">What the model wrote.</param>
    /// <param name="count">Calls so far in the answer, for their ids.</param>
    public static IReadOnlyList<ToolCall> Read(string text, ref int count)
    {
        try
        {
            var node = JsonNode.Parse(text.Trim().TrimEnd(';'), documentOptions: new() { MaxDepth = 64, AllowTrailingCommas = true });
            JsonNode?[] calls = node is JsonArray list ? [.. list] : [node];
            var result = new List<ToolCall>();
            foreach (var call in calls)
            {
                if (call is not JsonObject o) return [];
                var function = o["function"] as JsonObject ?? o;
                if (function["name"] is not JsonValue value || !value.TryGetValue(out string? name)) return [];
                var arguments = function["arguments"] ?? function["parameters"];
                var json = arguments switch
                {
                    null => "{}",
                    JsonValue written when written.TryGetValue(out string? already) => already,
                    _ => arguments.ToJsonString(),
                };
                result.Add(new(o["id"] is JsonValue id && id.TryGetValue(out string? given) ? given : $"call_{(count++).ToString(CultureInfo.InvariantCulture)}", name, json));
            }

            return result;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or ArgumentException)
        {
            return [];
        }
    }
}
