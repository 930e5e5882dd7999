namespace Hotplug.Inference.Generation.Scheduling;

/// <summary>So many requests wait that no more are taken. Later there may be room.</summary>
public sealed class QueueFullException(int length) : Exception($"{length} {(length == 1 ? "request waits" : "requests wait")} already, as many as may. Try again later.");
