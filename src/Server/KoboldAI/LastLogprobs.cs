using System.Text.Json.Serialization;

namespace Hotplug.Server.KoboldAI;

/// <summary>Log probabilities of the last text; null if there are none.</summary>
internal sealed record LastLogprobs([property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] KoboldLogprobs? Logprobs);
