using System.Text.Json;
using Hotplug.Server.Http;
using Microsoft.Extensions.AI;

namespace Hotplug.Server.Ollama;

/// <summary>The body of <c>POST /api/generate</c>.</summary>
internal sealed record OllamaGenerateRequest : OllamaRequest
{
    public string? Prompt { get; init; }
    public string? System { get; init; }
    public bool? Raw { get; init; }
    public string? Suffix { get; init; }
    public string? Template { get; init; }
    public JsonElement? Context { get; init; }
    public IReadOnlyList<JsonElement>? Images { get; init; }

    /// <summary>Complains of what is not there.</summary>
    public void Check()
    {
        if (!string.IsNullOrEmpty(Suffix)) throw ApiException.Unsupported("suffix", "the models go on from what stands before. Write the marks of a model that fills in into the prompt, and set raw.");
        if (!string.IsNullOrEmpty(Template)) throw ApiException.Unsupported("template", "the model's own is taken. Write the prompt as it is to be, and set raw.");
        if (Context is { ValueKind: JsonValueKind.Array } context && context.GetArrayLength() > 0) throw ApiException.Unsupported("context", "send the messages before to /api/chat.");
        if (Images is { Count: > 0 }) throw ApiException.Unsupported("images", "the models read text.");
    }

    /// <summary>The prompt as a conversation.</summary>
    public IReadOnlyList<ChatMessage> ToMessages()
        => string.IsNullOrEmpty(System) ? [new(ChatRole.User, Prompt)] : [new(ChatRole.System, System), new(ChatRole.User, Prompt)];
}
