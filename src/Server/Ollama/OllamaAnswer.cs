using Hotplug.Server.OpenAI.Chat;

namespace Hotplug.Server.Ollama;

/// <summary>An answer, or a line of one. Durations in nanoseconds.</summary>
/// <param name="Model">The model as the request named it.</param>
/// <param name="CreatedAt">When it was written.</param>
/// <param name="Message">Of a conversation: what was written.</param>
/// <param name="Response">Of a prompt: what was written.</param>
/// <param name="Thinking">Of a prompt: what was thought before.</param>
/// <param name="Logprobs">Log probabilities of its tokens.</param>
/// <param name="Done">Whether this is the end.</param>
/// <param name="DoneReason">Why.</param>
internal sealed record OllamaAnswer(
    string Model, DateTimeOffset CreatedAt, OllamaMessage? Message, string? Response, string? Thinking, IReadOnlyList<ChatLogprob>? Logprobs, bool Done, string? DoneReason = null)
{
    public long? TotalDuration { get; init; }
    public long? LoadDuration { get; init; }
    public int? PromptEvalCount { get; init; }
    public long? PromptEvalDuration { get; init; }
    public int? EvalCount { get; init; }
    public long? EvalDuration { get; init; }
}
