using System.Text.Json.Nodes;
using Hotplug.Inference.Chat;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Grammars.Json;
using Hotplug.Inference.Sampling;
using Microsoft.Extensions.AI;

namespace Hotplug.Extensions.AI.Chat;

/// <summary>Chat options as options of templates and generations. What is not asked for is as in <see cref="GenerationOptions"/>, but for the length, which the context bounds.</summary>
internal static class RequestOptions
{
    /// <summary>Tools that are offered, and whether to think.</summary>
    public static ChatTemplateOptions Template(ChatOptions? options) => new()
    {
        Tools = options?.ToolMode is NoneChatToolMode ? [] : [.. Tools(options).Select(tool => new ToolDefinition(tool.Name, tool.Description, tool.JsonSchema.GetRawText()))],
        EnableThinking = options?.AdditionalProperties?.TryGetValue("enable_thinking", out bool thinking) is true ? thinking : options?.Reasoning?.Effort is { } effort ? effort != ReasoningEffort.None : null,
        Variables = options?.AdditionalProperties?.TryGetValue("reasoning_effort", out string? named) is true ? new() { ["reasoning_effort"] = named } : null,
    };

    /// <summary>Whether what the model thinks is part of the answer.</summary>
    public static bool TellsThoughts(ChatOptions? options) => options?.Reasoning?.Output != ReasoningOutput.None;

    /// <summary>Refuses what would make the model see less of a conversation than the caller believes.</summary>
    /// <exception cref="NotSupportedException">The request goes on from a state that is kept nowhere.</exception>
    public static void RefuseState(ChatOptions? options)
    {
        if (options?.ConversationId is { } id)
            throw new NotSupportedException($"No conversation '{id}' is kept here: the client is stateless. Leave ChatOptions.ConversationId out, and send all messages.");
        if (options?.ContinuationToken is not null)
            throw new NotSupportedException("Nothing can be continued: the client answers while it is read and hands out no continuation tokens. Leave ChatOptions.ContinuationToken out.");
    }

    /// <summary>How the answer is generated.</summary>
    /// <param name="client">Handed to <see cref="ChatOptions.RawRepresentationFactory"/>, whose <see cref="GenerationOptions"/> stand where options are not set.</param>
    /// <param name="options">The caller's; not changed.</param>
    /// <param name="template">How the conversation is written down.</param>
    /// <param name="room">Tokens that the context has left.</param>
    /// <exception cref="Hotplug.Inference.Grammars.GrammarException">A schema has something that cannot be kept to.</exception>
    public static GenerationOptions Generation(IChatClient client, ChatOptions? options, ChatTemplate template, int room)
    {
        var basis = options?.RawRepresentationFactory?.Invoke(client) as GenerationOptions ?? new GenerationOptions { MaxTokens = room };
        var sampler = basis.Sampler;
        sampler = sampler with
        {
            Temperature = options?.Temperature ?? sampler.Temperature,
            TopP = options?.TopP ?? sampler.TopP,
            TopK = options?.TopK ?? sampler.TopK,
            FrequencyPenalty = options?.FrequencyPenalty ?? sampler.FrequencyPenalty,
            PresencePenalty = options?.PresencePenalty ?? sampler.PresencePenalty,
            Seed = options?.Seed is { } seed ? unchecked((ulong)seed) : sampler.Seed != 0 ? sampler.Seed : (ulong)Random.Shared.NextInt64(),
        };
        return basis with
        {
            MaxTokens = Math.Max(1, Math.Min(options?.MaxOutputTokens ?? basis.MaxTokens, room)),
            Sampler = sampler,
            StopStrings = [.. basis.StopStrings, .. options?.StopSequences ?? [], .. template.StopStrings],
            Grammar = Grammar(options) ?? basis.Grammar,
            WritesSpecialTokens = basis.WritesSpecialTokens || Tools(options).Any(),
        };
    }

    private static string? Grammar(ChatOptions? options)
    {
        // A call that has to be made is the whole answer.
        if (options?.ToolMode is RequiredChatToolMode required && Tools(options).Where(tool => required.RequiredFunctionName is null || tool.Name == required.RequiredFunctionName).ToList() is { Count: > 0 } tools)
            return JsonSchemaGrammar.Convert(new JsonObject { ["anyOf"] = new JsonArray([.. tools.Select(Call)]) }.ToJsonString());
        return options?.ResponseFormat switch
        {
            ChatResponseFormatJson { Schema: { } schema } => JsonSchemaGrammar.Convert(schema.GetRawText()),
            ChatResponseFormatJson => JsonSchemaGrammar.AnyObject,
            _ => null,
        };
    }

    private static JsonNode Call(AIFunctionDeclaration tool) => new JsonObject
    {
        ["type"] = "object",
        ["properties"] = new JsonObject { ["name"] = new JsonObject { ["const"] = tool.Name }, ["arguments"] = Arguments(tool) },
        ["required"] = new JsonArray("name", "arguments"),
        ["additionalProperties"] = false,
    };

    private static JsonNode Arguments(AIFunctionDeclaration tool)
        => JsonNode.Parse(tool.JsonSchema.GetRawText()) is JsonObject { Count: > 0 } schema ? schema : new JsonObject { ["type"] = "object" };

    private static IEnumerable<AIFunctionDeclaration> Tools(ChatOptions? options) => options?.Tools?.OfType<AIFunctionDeclaration>() ?? [];
}
