namespace Hotplug.Inference.Generation.Scheduling;

/// <summary>How long a text took.</summary>
/// <param name="Waiting">Until it had a slot.</param>
/// <param name="Prompt">From then to its first token.</param>
/// <param name="Writing">From then to its end.</param>
public readonly record struct GenerationTiming(TimeSpan Waiting, TimeSpan Prompt, TimeSpan Writing);
