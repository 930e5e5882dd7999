using Hotplug.Extensions.AI.Hosting;
using Hotplug.Inference.Generation;
using Hotplug.Server.Answers;
using Microsoft.Extensions.AI;

namespace Hotplug.Server.OpenAI.Chat;

/// <summary>Takes the updates of a chat client, and gives the documents they are to a client of OpenAI: event by event, and as a whole.</summary>
/// <param name="served">The model that answers.</param>
/// <param name="count">Answers that are wanted.</param>
internal sealed class ChatAnswer(ServedModel served, int count)
{
    private readonly string _id = $"chatcmpl-{Guid.NewGuid():N}";
    private readonly long _created = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
    private readonly ChatText?[] _answers = new ChatText?[count];

    /// <summary>Takes an update; gives the events that tell of it.</summary>
    public IEnumerable<ChatDocument> Take(int index, ChatResponseUpdate update)
    {
        if (_answers[index] is not { } answer)
        {
            _answers[index] = answer = new();
            yield return Event(index, new("assistant", ""));
        }
        var call = answer.Calls.Count;
        var logprobs = Logprobs(answer.Take(update));
        foreach (var content in update.Contents)
        {
            AnswerDelta? delta = content switch
            {
                TextReasoningContent thought => new(ReasoningContent: thought.Text),
                TextContent words => new(Content: words.Text),
                FunctionCallContent made => new(ToolCalls: [AnswerToolCall.Of(made, call++)]),
                _ => null,
            };
            if (delta is null) continue;
            yield return Event(index, delta, logprobs);
            logprobs = null;
        }
        if (update.FinishReason is { } finish) yield return Event(index, new(), logprobs, finish.Value);
    }

    /// <summary>The last event: what they took.</summary>
    public ChatDocument UsageEvent() => new(_id, "chat.completion.chunk", _created, served.Name, [], Usage);

    /// <summary>The answer as a whole.</summary>
    public ChatDocument Whole() => new(_id, "chat.completion", _created, served.Name, [.. _answers.Select((answer, i) => Choice(i, answer ?? new()))], Usage);

    private ChatChoice Choice(int index, ChatText answer)
    {
        var (text, reasoning) = (answer.Text, answer.Reasoning);
        var message = new AnswerMessage(text.Length > 0 || answer.Calls.Count == 0 ? text : null, reasoning.Length > 0 ? reasoning : null,
            answer.Calls.Count > 0 ? [.. answer.Calls.Select(call => AnswerToolCall.Of(call, null))] : null);
        return new(index, message, null, Logprobs(answer.Choices), answer.Finish?.Value);
    }

    private Usage Usage => OpenAI.Usage.Of(_answers[0]?.Usage?.InputTokenCount ?? 0, _answers.Sum(a => a?.Usage?.OutputTokenCount ?? 0), _answers[0]?.Usage?.CachedInputTokenCount ?? 0);

    private ChatLogprobs? Logprobs(IReadOnlyList<TokenChoice> choices) => ChatLogprobs.Of(choices, served.Model.Tokenizer);

    private ChatDocument Event(int index, AnswerDelta delta, ChatLogprobs? logprobs = null, string? finish = null)
        => new(_id, "chat.completion.chunk", _created, served.Name, [new(index, null, delta, logprobs, finish)]);
}
