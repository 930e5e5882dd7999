using System.Runtime.CompilerServices;
using System.Text.Json;
using Hotplug.Extensions.AI.Hosting;
using Hotplug.Inference.Chat;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Generation.Scheduling;
using Microsoft.Extensions.AI;

namespace Hotplug.Extensions.AI.Chat;

/// <summary>
/// Conversations with a model. Stateless: each request brings all of its messages, and what two of them begin with alike is evaluated once while there is a slot that has it. Thread-safe; requests
/// at the same time share the model's steps. The model is loaded at the first request. Arguments are not changed, and may be used for several requests at once. Answers are bounded by the context
/// alone unless <see cref="ChatOptions.MaxOutputTokens"/> says otherwise; what a model writes is not examined.
/// </summary>
/// <param name="models">Gives the model; outlives the client.</param>
/// <param name="name">The model's name.</param>
public sealed class HotplugChatClient(ServedModels models, string name) : IChatClient
{
    private readonly ChatClientMetadata _metadata = new("hotplug", null, name);

    /// <inheritdoc/>
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        => GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    /// <inheritdoc/>
    /// <remarks>
    /// The last update has the usage and the finish reason; its <see cref="ChatResponseUpdate.RawRepresentation"/> is the <see cref="GenerationOutcome"/>. Where log probabilities are asked for
    /// (<see cref="GenerationOptions.Logprobs"/>, by <see cref="ChatOptions.RawRepresentationFactory"/>), those of the others are lists of <see cref="TokenChoice"/>.
    /// </remarks>
    /// <exception cref="GenerationRefusedException">The conversation does not fit the context, or an option makes no sense.</exception>
    /// <exception cref="KeyNotFoundException"><see cref="ChatOptions.ModelId"/> names a model that is not configured; the message lists those that are.</exception>
    /// <exception cref="NotSupportedException">A message has something that the model cannot read, or <see cref="ChatOptions.ConversationId"/> or a continuation is given: none is kept here.</exception>
    /// <exception cref="Hotplug.Inference.Chat.Jinja.JinjaException">The model's template refuses the conversation.</exception>
    /// <exception cref="QueueFullException">As many requests wait as may.</exception>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        RequestOptions.RefuseState(options);
        // The caller may go on with his list.
        return StreamAsync(ConversationText.Translate(messages, options?.Instructions), options?.Clone(), cancellationToken);
    }

    /// <summary>The client itself, its metadata, or <see cref="ServedModels"/>.</summary>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null : serviceType == typeof(ChatClientMetadata) ? _metadata : serviceType.IsInstanceOfType(models) ? models : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Nothing: the model is not the client's.</summary>
    public void Dispose() { }

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(List<TemplateMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var served = await models.GetAsync(options?.ModelId ?? name, cancellation).ConfigureAwait(false);
        var template = RequestOptions.Template(options);
        var rendered = served.Template.Render(messages, template);
        var prompt = ChatTemplate.Encode(served.Model.Tokenizer, rendered);
        var room = served.Model.Context - prompt.Length;
        if (room < 1) throw new GenerationRefusedException($"The conversation has {prompt.Length} tokens, and the model's context of {served.Model.Context} has to leave room for an answer. Leave messages out, or load the model with a longer context.");

        // Whoever stops reading gives the answer up.
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var generation = served.Scheduler.Write(prompt, RequestOptions.Generation(this, options, served.Template, room), reading.Token, "chat");
        try
        {
            var parser = new ChatOutputParser(template.Tools.Count > 0, ChatOutputParser.BeginsThinking(rendered));
            var (id, called) = (Guid.NewGuid().ToString("N"), false);
            var time = DateTimeOffset.UtcNow;
            var tellsThoughts = RequestOptions.TellsThoughts(options);
            // Of pieces that are held back, until there is an update to go with.
            var choices = new List<TokenChoice>();
            await foreach (var piece in generation.ReadPiecesAsync(cancellation).ConfigureAwait(false))
            {
                choices.AddRange(piece.Choices);
                foreach (var part in parser.Append(piece.Text))
                    if (tellsThoughts || part.Kind != ChatOutputKind.Reasoning) yield return Update(part);
            }
            foreach (var part in parser.End())
                if (tellsThoughts || part.Kind != ChatOutputKind.Reasoning) yield return Update(part);

            var outcome = await generation.Completion.ConfigureAwait(false);
            yield return new ChatResponseUpdate(ChatRole.Assistant,
                [new UsageContent(new()
                {
                    InputTokenCount = outcome.PromptTokens, OutputTokenCount = outcome.GeneratedTokens, TotalTokenCount = outcome.PromptTokens + outcome.GeneratedTokens,
                    CachedInputTokenCount = outcome.CachedTokens,
                })])
            {
                ResponseId = id, MessageId = id, ModelId = served.Name, CreatedAt = time, RawRepresentation = outcome,
                FinishReason = called ? ChatFinishReason.ToolCalls : outcome.Finish is FinishReason.Length or FinishReason.ContextFull ? ChatFinishReason.Length : ChatFinishReason.Stop,
            };

            ChatResponseUpdate Update(ChatOutput part)
            {
                called |= part.Kind == ChatOutputKind.ToolCall;
                var raw = choices.Count > 0 ? choices : null;
                if (raw is not null) choices = [];
                return new ChatResponseUpdate(ChatRole.Assistant, [Content(part)]) { ResponseId = id, MessageId = id, ModelId = served.Name, CreatedAt = time, RawRepresentation = raw };
            }
        }
        finally
        {
            await reading.CancelAsync().ConfigureAwait(false);
        }
    }

    private static AIContent Content(ChatOutput part) => part switch
    {
        { Kind: ChatOutputKind.Reasoning } => new TextReasoningContent(part.Text),
        // Numbered calls of two answers would be taken for the same one.
        { Call: { } call } => FunctionCallContent.CreateFromParsedArguments(call.ArgumentsJson, call.Id.StartsWith("call_", StringComparison.Ordinal) ? $"call_{Guid.NewGuid():N}" : call.Id, call.Name,
            static json => JsonSerializer.Deserialize<Dictionary<string, object?>>(json, AIJsonUtilities.DefaultOptions)),
        _ => new TextContent(part.Text),
    };
}
