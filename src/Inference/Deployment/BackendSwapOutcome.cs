using Hotplug.Runtime.Plugins.Slots;

namespace Hotplug.Inference.Deployment;

/// <summary>How a swap ended.</summary>
/// <param name="Failure">What the new generation did in probation, so that the old one works again; null if it passed.</param>
/// <param name="Retired">What became of the generation that was given up: the old one, or the one that failed; null if there was none.</param>
public sealed record BackendSwapOutcome(string? Failure, UnloadResult? Retired);
