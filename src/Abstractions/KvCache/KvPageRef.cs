using Hotplug.Abstractions.Memory;

namespace Hotplug.Abstractions.KvCache;

/// <summary>One page at its place.</summary>
/// <param name="Buffer">The physical buffer it lies in.</param>
/// <param name="Offset">Bytes from the start of the buffer.</param>
public readonly record struct KvPageRef(IBuffer Buffer, nuint Offset);
