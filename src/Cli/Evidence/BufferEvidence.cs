namespace Hotplug.Cli.Evidence;

/// <summary>What was found of a buffer type.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Traits">What it states of itself.</param>
/// <param name="Residency">Whether its memory can be paged out.</param>
/// <param name="BaseAlignment">Alignment of its addresses.</param>
/// <param name="LargestAllocation">Bytes.</param>
/// <param name="Failure">What was wrong when it was used, or null.</param>
internal sealed record BufferEvidence(string Name, string Traits, string Residency, ulong BaseAlignment, ulong LargestAllocation, string? Failure);
