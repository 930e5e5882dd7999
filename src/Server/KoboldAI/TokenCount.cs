namespace Hotplug.Server.KoboldAI;

/// <summary>The tokens of a text.</summary>
internal sealed record TokenCount(int Value, IReadOnlyList<int> Ids);
