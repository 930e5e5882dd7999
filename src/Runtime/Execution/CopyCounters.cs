namespace Hotplug.Runtime.Execution;

/// <summary>Copies between devices.</summary>
/// <param name="Count">How many.</param>
/// <param name="Bytes">How much.</param>
public readonly record struct CopyCounters(long Count, long Bytes);
