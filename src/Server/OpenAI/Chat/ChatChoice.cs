using System.Text.Json.Serialization;

namespace Hotplug.Server.OpenAI.Chat;

/// <summary>An answer, or a piece of it.</summary>
internal sealed record ChatChoice(
    int Index,
    AnswerMessage? Message,
    AnswerDelta? Delta,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] ChatLogprobs? Logprobs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? FinishReason);
