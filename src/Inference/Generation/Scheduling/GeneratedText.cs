namespace Hotplug.Inference.Generation.Scheduling;

/// <summary>A piece of a text.</summary>
/// <param name="Text">The piece, not empty.</param>
/// <param name="Choices">What the tokens that begin in it were chosen from, if it was asked for. Those that wrote nothing follow with the next, or are left for <see cref="GenerationOutcome.Choices"/>.</param>
public readonly record struct GeneratedText(string Text, IReadOnlyList<TokenChoice> Choices);
