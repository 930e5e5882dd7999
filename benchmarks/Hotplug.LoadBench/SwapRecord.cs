namespace Hotplug.LoadBench;

/// <summary>Swaps during a load.</summary>
/// <param name="Seconds">How long each took, until the old was retired.</param>
/// <param name="Failures">What those that failed said.</param>
internal sealed record SwapRecord(IReadOnlyList<double> Seconds, IReadOnlyList<string> Failures);
