using System.Text.Json.Serialization;

namespace Hotplug.Server.OpenAI.Chat;

/// <summary>The answer, or a piece of it.</summary>
internal sealed record ChatChoice(
    AnswerMessage? Message,
    AnswerDelta? Delta,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] ChatLogprobs? Logprobs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? FinishReason)
{
    public int Index => 0;
}
