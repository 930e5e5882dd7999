namespace Hotplug.Server.KoboldAI;

/// <summary>What a setting may be.</summary>
internal sealed record TextValues(IReadOnlyList<string> Values);
