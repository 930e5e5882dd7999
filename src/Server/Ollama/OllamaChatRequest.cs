using Hotplug.Server.Http;
using Hotplug.Server.OpenAI.Chat;
using Microsoft.Extensions.AI;

namespace Hotplug.Server.Ollama;

/// <summary>The body of <c>POST /api/chat</c>.</summary>
internal sealed record OllamaChatRequest : OllamaRequest
{
    public IReadOnlyList<OllamaMessage?>? Messages { get; init; }
    public IReadOnlyList<RequestTool>? Tools { get; init; }

    /// <summary>The conversation. Calls have no ids here: results answer them in their order, those with a name the first of that name.</summary>
    public IReadOnlyList<ChatMessage> ToMessages()
    {
        var waiting = new List<FunctionCallContent>();
        return [.. (Messages ?? []).Select((message, i) => message?.ToMessage(i, waiting) ?? throw ApiException.Invalid("A message is null.", $"messages.[{i}]"))];
    }
}
