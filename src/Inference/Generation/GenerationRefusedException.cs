namespace Hotplug.Inference.Generation;

/// <summary>A text cannot be written as it was asked for: its prompt or an option makes no sense. It is the caller's to change; nothing failed inside.</summary>
/// <param name="message">What was wrong, and what to do.</param>
public sealed class GenerationRefusedException(string message) : ArgumentException(message);
