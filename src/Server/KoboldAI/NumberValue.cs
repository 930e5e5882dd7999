namespace Hotplug.Server.KoboldAI;

/// <summary>A setting that is a number.</summary>
internal sealed record NumberValue(int Value);
