using Hotplug.Inference.Generation.Scheduling;

namespace Hotplug.Server.Answers;

/// <summary>A part of a text that is written.</summary>
/// <param name="Piece">More of it; without text at the end.</param>
/// <param name="Outcome">How it ended, if this is the end.</param>
internal readonly record struct WrittenPart(GeneratedText Piece, GenerationOutcome? Outcome);
