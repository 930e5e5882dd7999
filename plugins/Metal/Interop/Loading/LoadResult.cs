namespace Hotplug.Metal.Interop.Loading;

/// <summary>What came of loading.</summary>
/// <param name="Outcome">How it went.</param>
/// <param name="Reason">Why there is no runtime, as a sentence; empty when there is one.</param>
/// <param name="Runtime">The runtime, which the caller disposes; null unless <see cref="LoadOutcome.Loaded"/>.</param>
internal sealed record LoadResult(LoadOutcome Outcome, string Reason, ObjectiveC? Runtime);
