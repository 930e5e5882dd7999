using System.Text.Json;
using Hotplug.Server.Http;
using Microsoft.Extensions.AI;

namespace Hotplug.Server.OpenAI.Chat;

/// <summary>Translates tools, and which of them is to be called.</summary>
internal static class RequestTools
{
    private static readonly JsonElement NoParameters = JsonDocument.Parse("""{"type":"object","properties":{}}""").RootElement;

    /// <summary>The tools; null for none.</summary>
    public static IList<AITool>? Translate(IReadOnlyList<RequestTool>? tools)
    {
        if (tools is not { Count: > 0 }) return null;
        var result = new List<AITool>();
        for (var i = 0; i < tools.Count; i++)
        {
            if (tools[i] is not { Function: { Name: { Length: > 0 } name } function, Type: null or "function" }) throw ApiException.Invalid("A tool is no function with a name.", $"tools.[{i}]");
            var parameters = function.Parameters is { ValueKind: not JsonValueKind.Null } given ? given : NoParameters;
            if (parameters.ValueKind != JsonValueKind.Object) throw ApiException.Invalid($"The parameters of '{name}' are no JSON schema.", $"tools.[{i}].function.parameters");
            result.Add(AIFunctionFactory.CreateDeclaration(name, function.Description ?? "", parameters));
        }
        return result;
    }

    /// <summary>Which of them is to be called.</summary>
    public static ChatToolMode? Mode(JsonElement? choice, IList<AITool>? tools) => choice switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } word => word.GetString() switch
        {
            "none" => ChatToolMode.None,
            "auto" => ChatToolMode.Auto,
            "required" when tools is not null => ChatToolMode.RequireAny,
            "required" => throw ApiException.Invalid("A tool has to be called, and there is none in tools.", "tool_choice"),
            var unknown => throw ApiException.Invalid($"'{unknown}' is no choice; there are none, auto, required, and a function by name.", "tool_choice"),
        },
        { ValueKind: JsonValueKind.Object } named when named.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object
            && function.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
            => tools?.Any(t => t.Name == name.GetString()) is true ? ChatToolMode.RequireSpecific(name.GetString()!) : throw ApiException.Invalid($"'{name.GetString()}' has to be called, and is none of tools.", "tool_choice"),
        _ => throw ApiException.Invalid("tool_choice is neither a word nor a function by name.", "tool_choice"),
    };
}
