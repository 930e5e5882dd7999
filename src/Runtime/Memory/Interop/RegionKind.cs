namespace Hotplug.Runtime.Memory.Interop;

/// <summary>What stands on a stretch of a reservation.</summary>
internal enum RegionKind
{
    /// <summary>Pages of a file, read-only.</summary>
    Mapped,
    /// <summary>Private memory, zero until written.</summary>
    Committed,
}
