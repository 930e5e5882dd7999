using System.Text;
using Hotplug.Extensions.AI.Hosting;
using Hotplug.Inference.Generation.Scheduling;
using Microsoft.Extensions.AI;

namespace Hotplug.Server.OpenAI.Chat;

/// <summary>Takes the updates of a chat client, and gives the documents they are to a client of OpenAI: event by event, and as a whole.</summary>
/// <param name="served">The model that answers.</param>
internal sealed class ChatAnswer(ServedModel served)
{
    private readonly string _id = $"chatcmpl-{Guid.NewGuid():N}";
    private readonly long _created = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
    private readonly StringBuilder _text = new(), _reasoning = new();
    private readonly List<AnswerToolCall> _calls = [];
    private GenerationOutcome? _outcome;
    private string? _finish;
    private bool _begun;

    /// <summary>Takes an update; gives the events that tell of it.</summary>
    public IEnumerable<ChatDocument> Take(ChatResponseUpdate update)
    {
        if (!_begun)
        {
            _begun = true;
            yield return Event(new AnswerDelta("assistant", ""));
        }
        foreach (var content in update.Contents)
            switch (content)
            {
                case TextReasoningContent thought:
                    _reasoning.Append(thought.Text);
                    yield return Event(new(ReasoningContent: thought.Text));
                    break;
                case TextContent words:
                    _text.Append(words.Text);
                    yield return Event(new(Content: words.Text));
                    break;
                case FunctionCallContent call:
                    var made = AnswerToolCall.Of(call, _calls.Count);
                    _calls.Add(made);
                    yield return Event(new(ToolCalls: [made]));
                    break;
            }
        if (update.FinishReason is not { } finish) yield break;
        (_finish, _outcome) = (finish.Value, update.RawRepresentation as GenerationOutcome);
        // What the tokens were chosen from is known together, at the end.
        yield return Document("chat.completion.chunk", new(null, new(), Logprobs, _finish));
    }

    /// <summary>The last event: what it took.</summary>
    public ChatDocument UsageEvent() => new(_id, "chat.completion.chunk", _created, served.Name, [], Usage);

    /// <summary>The answer as a whole.</summary>
    public ChatDocument Whole()
    {
        var message = new AnswerMessage(_text.Length > 0 || _calls.Count == 0 ? _text.ToString() : null, _reasoning.Length > 0 ? _reasoning.ToString() : null,
            _calls.Count > 0 ? [.. _calls.Select(call => call with { Index = null })] : null);
        return Document("chat.completion", new(message, null, Logprobs, _finish)) with { Usage = Usage };
    }

    private ChatLogprobs? Logprobs => ChatLogprobs.Of(_outcome?.Choices, served.Model.Tokenizer);

    private Usage? Usage => _outcome is { } outcome ? OpenAI.Usage.Of(outcome) : null;

    private ChatDocument Event(AnswerDelta delta) => Document("chat.completion.chunk", new(null, delta, null, null));

    private ChatDocument Document(string kind, ChatChoice choice) => new(_id, kind, _created, served.Name, [choice]);
}
