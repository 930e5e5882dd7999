using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Hotplug.Server.OpenAI.Chat;

/// <summary>A call of a tool.</summary>
/// <param name="Index">Its number; in events only.</param>
/// <param name="Id">Tells it from others.</param>
/// <param name="Function">What is called.</param>
internal sealed record AnswerToolCall(int? Index, string Id, CalledFunction Function)
{
    public string Type => "function";

    public static AnswerToolCall Of(FunctionCallContent call, int? index)
        => new(index, call.CallId, new(call.Name, JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>(), AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(IDictionary<string, object?>)))));
}
