namespace Hotplug.Inference.Generation;

/// <summary>Takes what a step of a <see cref="GenerationGroup"/> wrote.</summary>
/// <param name="generator">Who wrote; <see cref="TextGenerator.Finish"/> says whether it has ended.</param>
/// <param name="text">Text that became certain, possibly none; valid during the call.</param>
public delegate void TextWritten(TextGenerator generator, ReadOnlySpan<char> text);
