using System.Text.Json;
using Hotplug.Server.Http;
using Microsoft.Extensions.AI;

namespace Hotplug.Server.Ollama;

/// <summary>A call of a tool.</summary>
internal sealed record OllamaToolCall(OllamaFunctionCall? Function)
{
    public static OllamaToolCall Of(FunctionCallContent call)
        => new(new OllamaFunctionCall(call.Name, JsonSerializer.SerializeToElement(call.Arguments ?? new Dictionary<string, object?>(), AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(IDictionary<string, object?>)))));

    public FunctionCallContent ToContent(string id, string at)
    {
        if (Function is not { Name: { Length: > 0 } name, Arguments.ValueKind: JsonValueKind.Object or JsonValueKind.Undefined or JsonValueKind.Null }) throw ApiException.Invalid("A call has no function with a name, or its arguments are no object.", at);
        return new(id, name, Function.Arguments.ValueKind == JsonValueKind.Object ? Function.Arguments.EnumerateObject().ToDictionary(p => p.Name, p => (object?)p.Value) : null);
    }
}
