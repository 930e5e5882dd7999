namespace Hotplug.Server.KoboldAI;

/// <summary>A text as a result.</summary>
/// <param name="Result">The text.</param>
/// <param name="Success">Whether it came about, where that is told.</param>
internal sealed record TextResult(string Result, bool? Success = null);
