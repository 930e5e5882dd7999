using System.Diagnostics;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Tokenization;
using Hotplug.Server.Answers;
using Hotplug.Server.OpenAI.Chat;
using Microsoft.Extensions.AI;

namespace Hotplug.Server.Ollama;

/// <summary>Takes the updates of a chat client, and gives the answers they are to a client of Ollama: line by line, and as a whole.</summary>
/// <param name="model">The model as the request named it.</param>
/// <param name="chats">Whether it is a conversation, or a prompt.</param>
internal sealed class OllamaTelling(string model, bool chats)
{
    private readonly ChatText _text = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private TimeSpan _loading;
    private Tokenizer? _tokenizer;

    /// <summary>The model is there.</summary>
    public void Loaded(Tokenizer tokenizer) => (_loading, _tokenizer) = (Stopwatch.GetElapsedTime(_start), tokenizer);

    /// <summary>The answer to one who only wanted the model to be loaded.</summary>
    public OllamaAnswer OnlyLoaded() => Answer("", "", [], []) with { Done = true, DoneReason = "load", TotalDuration = Nanoseconds(Stopwatch.GetElapsedTime(_start)), LoadDuration = Nanoseconds(_loading) };

    /// <summary>Takes an update; gives the line that tells of it, if there is something to tell.</summary>
    public OllamaAnswer? Take(ChatResponseUpdate update)
    {
        var choices = _text.Take(update);
        var calls = update.Contents.OfType<FunctionCallContent>().ToList();
        var (text, thinking) = (string.Concat(update.Contents.OfType<TextContent>().Select(c => c.Text)), string.Concat(update.Contents.OfType<TextReasoningContent>().Select(c => c.Text)));
        if (update.FinishReason is not null) return End(Answer(text, thinking, calls, choices));
        return text.Length + thinking.Length + calls.Count + choices.Count == 0 ? null : Answer(text, thinking, calls, choices);
    }

    /// <summary>The answer as a whole.</summary>
    public OllamaAnswer Whole() => End(Answer(_text.Text, _text.Reasoning, _text.Calls, _text.Choices));

    private OllamaAnswer Answer(string text, string thinking, IReadOnlyList<FunctionCallContent> calls, IReadOnlyList<TokenChoice> choices)
    {
        var thought = thinking.Length > 0 ? thinking : null;
        var logprobs = _tokenizer is null ? null : ChatLogprobs.Of(choices, _tokenizer)?.Content;
        return chats
            ? new(model, DateTimeOffset.UtcNow, new() { Role = "assistant", Content = text, Thinking = thought, ToolCalls = calls.Count > 0 ? [.. calls.Select(OllamaToolCall.Of)] : null }, null, null, logprobs, false)
            : new(model, DateTimeOffset.UtcNow, null, text, thought, logprobs, false);
    }

    private OllamaAnswer End(OllamaAnswer last) => last with
    {
        Done = true,
        DoneReason = _text.Finish == ChatFinishReason.Length ? "length" : "stop",
        TotalDuration = Nanoseconds(Stopwatch.GetElapsedTime(_start)),
        LoadDuration = Nanoseconds(_loading),
        PromptEvalCount = (int)(_text.Usage?.InputTokenCount ?? 0),
        PromptEvalDuration = Nanoseconds(_text.Timing.Prompt),
        EvalCount = (int)(_text.Usage?.OutputTokenCount ?? 0),
        EvalDuration = Nanoseconds(_text.Timing.Writing),
    };

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;
}
