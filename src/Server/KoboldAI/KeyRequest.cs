namespace Hotplug.Server.KoboldAI;

/// <summary>Names a text by the key that its request had.</summary>
internal sealed record KeyRequest(string? Genkey);
