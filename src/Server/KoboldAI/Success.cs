using System.Text.Json.Serialization;

namespace Hotplug.Server.KoboldAI;

/// <summary>Whether it was done.</summary>
internal sealed record Success([property: JsonPropertyName("success")] bool Done);
