namespace Hotplug.Abstractions.Memory;

/// <summary>
/// Host memory that the host owns and lends: mapped or committed, valid until the buffer that adopted it has been disposed.
/// Locking, advising and unmapping are the host's alone.
/// </summary>
public readonly record struct HostMemory
{
    /// <summary>Creates a description of <paramref name="length"/> bytes at <paramref name="pointer"/>.</summary>
    public HostMemory(nint pointer, nuint length, HostAccess access) => (Pointer, Length, Access) = (pointer, length, access);

    /// <summary>First byte; not null.</summary>
    public nint Pointer { get; }

    /// <summary>Bytes that may be touched.</summary>
    public nuint Length { get; }

    /// <summary>What may be done with them.</summary>
    public HostAccess Access { get; }
}
