namespace Hotplug.Server.KoboldAI;

/// <summary>Texts.</summary>
internal sealed record GenerateResults(IReadOnlyList<GenerateResult> Results);
