using Hotplug.Abstractions.Memory;

namespace Hotplug.Runtime.Memory.Interop;

/// <summary>What the operating system says about a stretch of the process's addresses.</summary>
/// <param name="Range">The stretch.</param>
/// <param name="File">True if pages of a file stand there.</param>
/// <param name="Accessible">True if the process may read there.</param>
/// <param name="Locked">True if it is locked.</param>
/// <param name="Resident">Bytes in physical memory.</param>
/// <param name="LockedResident">Bytes in physical memory and locked, pages shared with other mappings counted by their share.</param>
internal readonly record struct RegionMeasure(AddressRange Range, bool File, bool Accessible, bool Locked, nuint Resident, nuint LockedResident);
