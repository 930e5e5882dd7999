using System.Text.Json.Serialization;

namespace Hotplug.Server.KoboldAI;

/// <summary>An event with a piece of a text.</summary>
internal sealed record GenerateEvent(string Token, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? FinishReason);
