using System.Text.Json;
using Hotplug.Server.Http;
using Microsoft.Extensions.AI;

namespace Hotplug.Server.OpenAI.Chat;

/// <summary>A call of a tool that an earlier answer made.</summary>
internal sealed record RequestToolCall
{
    public string? Id { get; init; }
    public CalledFunction? Function { get; init; }

    public FunctionCallContent ToContent(string at)
    {
        if (Id is null || Function?.Name is null) throw ApiException.Invalid("A call has no id or no function with a name.", at);
        Dictionary<string, object?>? arguments = null;
        try
        {
            if (!string.IsNullOrWhiteSpace(Function.Arguments))
                arguments = JsonSerializer.Deserialize(Function.Arguments, ServerJson.Default.DictionaryStringJsonElement)?.ToDictionary(a => a.Key, a => (object?)a.Value);
        }
        catch (JsonException malformed)
        {
            throw ApiException.Invalid($"The arguments of the call of '{Function.Name}' are no JSON object: {malformed.Message}", at);
        }
        return new(Id, Function.Name, arguments);
    }
}
