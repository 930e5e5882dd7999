namespace Hotplug.Runtime.Memory;

/// <summary>What an address space holds at a moment. All zero when everything that was taken has been given back.</summary>
/// <param name="Reservations">Ranges reserved.</param>
/// <param name="Buffers">Physical buffers alive.</param>
/// <param name="ReservedBytes">Bytes of addresses reserved, whatever stands on them.</param>
/// <param name="MappedBytes">Bytes of files mapped.</param>
/// <param name="CommittedBytes">Bytes of private memory committed.</param>
/// <param name="LockedBytes">Bytes locked, each page once.</param>
public readonly record struct HostMemoryUsage(int Reservations, int Buffers, long ReservedBytes, long MappedBytes, long CommittedBytes, long LockedBytes);
