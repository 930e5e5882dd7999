using System.Text.Json;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Grammars.Json;
using Hotplug.Server.Answers;
using Hotplug.Server.Http;
using Hotplug.Server.OpenAI.Chat;
using Microsoft.Extensions.AI;

namespace Hotplug.Server.Ollama;

/// <summary>What requests for text have in common.</summary>
internal abstract record OllamaRequest
{
    /// <summary>Most others that are told of a token; Ollama's.</summary>
    private const int MaxTopLogprobs = 20;

    public string? Model { get; init; }
    public bool? Stream { get; init; }
    public JsonElement? Format { get; init; }
    public JsonElement? Think { get; init; }
    /// <summary>Accepted; models stay.</summary>
    public JsonElement? KeepAlive { get; init; }
    public bool? Logprobs { get; init; }
    public int? TopLogprobs { get; init; }
    public OllamaOptions? Options { get; init; }

    /// <summary>How a text is generated.</summary>
    /// <param name="context">Tokens of the model's context.</param>
    public GenerationOptions ToGeneration(int context)
    {
        if (TopLogprobs is < 0 or > MaxTopLogprobs) throw ApiException.Invalid($"top_logprobs is {TopLogprobs}; ask for 0 to {MaxTopLogprobs}.", "top_logprobs");
        return TextWriting.Checked((Options ?? new()).ToGeneration(context) with { Logprobs = Logprobs is true ? TopLogprobs ?? 0 : null });
    }

    /// <summary>How a conversation is answered.</summary>
    /// <param name="context">Tokens of the model's context.</param>
    /// <param name="tools">Tools that may be called.</param>
    public ChatOptions ToChat(int context, IReadOnlyList<RequestTool>? tools) => Conversation.Repeat(new()
    {
        Tools = RequestTools.Translate(tools),
        ResponseFormat = Format switch
        {
            null or { ValueKind: JsonValueKind.Null } => null,
            { ValueKind: JsonValueKind.String } word when word.GetString() is "" => null,
            { ValueKind: JsonValueKind.String } word when word.GetString() is "json" => ChatResponseFormat.Json,
            { ValueKind: JsonValueKind.Object } schema => ChatResponseFormat.ForJsonSchema(schema),
            _ => throw ApiException.Invalid("format is neither json nor a JSON schema.", "format"),
        },
        AdditionalProperties = Think switch
        {
            null or { ValueKind: JsonValueKind.Null } => null,
            { ValueKind: JsonValueKind.True } => Thinking.Properties(true, null),
            { ValueKind: JsonValueKind.False } => Thinking.Properties(false, null),
            { ValueKind: JsonValueKind.String } effort when effort.GetString() is "low" or "medium" or "high" => Thinking.Properties(true, effort.GetString()),
            _ => throw ApiException.Invalid("think is none of true, false, low, medium and high.", "think"),
        },
    }, ToGeneration(context), 1)[0];

    /// <summary>The grammar that a text without a conversation keeps to; null for none.</summary>
    public string? ToGrammar() => ToChat(1, null).ResponseFormat switch
    {
        ChatResponseFormatJson { Schema: { } schema } => JsonSchemaGrammar.Convert(schema.GetRawText()),
        ChatResponseFormatJson => JsonSchemaGrammar.AnyObject,
        _ => null,
    };
}
