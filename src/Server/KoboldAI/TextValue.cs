namespace Hotplug.Server.KoboldAI;

/// <summary>A setting that is a text.</summary>
internal sealed record TextValue(string Value);
