namespace Hotplug.Abstractions.Devices;

/// <summary>Memory of a device at this moment. Unknown is null, never zero.</summary>
/// <param name="Total">Bytes in all, or null.</param>
/// <param name="Free">Bytes that could be allocated now, or null; may exceed what a single allocation can have.</param>
public readonly record struct DeviceMemory(ulong? Total, ulong? Free);
