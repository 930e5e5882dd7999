using System.Text.Json;
using Hotplug.Server.Answers;
using Hotplug.Server.Http;
using Microsoft.Extensions.AI;

namespace Hotplug.Server.OpenAI.Chat;

/// <summary>The body of <c>POST /v1/chat/completions</c>.</summary>
internal sealed record ChatRequest : GenerationRequest
{
    /// <summary>Most others that are told of a token; OpenAI's.</summary>
    private const int MaxTopLogprobs = 20;

    public IReadOnlyList<RequestMessage?>? Messages { get; init; }
    public IReadOnlyList<RequestTool>? Tools { get; init; }
    public JsonElement? ToolChoice { get; init; }
    public ResponseFormat? ResponseFormat { get; init; }
    public int? MaxCompletionTokens { get; init; }
    public bool? Logprobs { get; init; }
    public int? TopLogprobs { get; init; }
    public string? ReasoningEffort { get; init; }
    public TemplateArguments? ChatTemplateKwargs { get; init; }

    /// <summary>The conversation.</summary>
    public IReadOnlyList<ChatMessage> ToMessages()
    {
        if (Messages is not { Count: > 0 }) throw ApiException.Invalid("messages is missing or empty.", "messages");
        return [.. Messages.Select((message, i) => message?.ToMessage(i) ?? throw ApiException.Invalid("A message is null.", $"messages.[{i}]"))];
    }

    /// <summary>How it is answered, once for every answer that is wanted.</summary>
    public IReadOnlyList<ChatOptions> ToOptions()
    {
        if (TopLogprobs is < 0 or > MaxTopLogprobs) throw ApiException.Invalid($"top_logprobs is {TopLogprobs}; ask for 0 to {MaxTopLogprobs}.", "top_logprobs");
        if (TopLogprobs is not null && Logprobs is not true) throw ApiException.Invalid("top_logprobs has no effect unless logprobs is true.", "top_logprobs");
        // Without a bound the context is one.
        var generation = Options(MaxCompletionTokens ?? MaxTokens ?? int.MaxValue, Logprobs is true ? TopLogprobs ?? 0 : null);
        var tools = RequestTools.Translate(Tools);
        var options = new ChatOptions
        {
            Tools = tools,
            ToolMode = RequestTools.Mode(ToolChoice, tools),
            ResponseFormat = ResponseFormat?.ToFormat(),
            AdditionalProperties = Thinking.Properties(ChatTemplateKwargs?.EnableThinking, ReasoningEffort),
        };
        return Conversation.Repeat(options, generation, Answers);
    }
}
