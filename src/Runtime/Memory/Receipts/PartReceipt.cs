namespace Hotplug.Runtime.Memory.Receipts;

/// <summary>What became of one part: a buffer of weights, a KV cache, a workspace. All text and numbers; bytes throughout.</summary>
public sealed record PartReceipt
{
    /// <summary>What it is for: "weights", "kvCache", "workspace", "any".</summary>
    public required string Usage { get; init; }

    /// <summary>Name of the buffer type.</summary>
    public required string BufferType { get; init; }

    /// <summary>Name of the device, or empty.</summary>
    public required string Device { get; init; }

    /// <summary>Base address, hexadecimal with <c>0x</c>.</summary>
    public required string Address { get; init; }

    /// <summary>Bytes of the part.</summary>
    public required long Length { get; init; }

    /// <summary>Bytes of tensors in it, in their standard layout; for other buffers the bytes asked.</summary>
    public required long Asked { get; init; }

    /// <summary>Bytes of file mapped there.</summary>
    public long Mapped { get; init; }

    /// <summary>Bytes of private host memory there.</summary>
    public long Committed { get; init; }

    /// <summary>Bytes that lie on the device, outside of host memory.</summary>
    public long OnDevice { get; init; }

    /// <summary>Bytes in physical memory when the receipt was written, or null where the system does not tell.</summary>
    public long? InMemory { get; init; }

    /// <summary>Bytes that the policy wanted locked: whole pages in host memory, bytes of tensors on a device.</summary>
    public long LockAsked { get; init; }

    /// <summary>Bytes locked, whole pages.</summary>
    public long Locked { get; init; }

    /// <summary>Bytes locked as the system accounts them to this process: a page that is mapped several times counts by its share. Null where it does not tell.</summary>
    public long? LockedShare { get; init; }

    /// <summary>Bytes on a device that cannot be paged out: the lock policy is satisfied by them.</summary>
    public long Resident { get; init; }

    /// <summary>Bytes wanted locked that are not.</summary>
    public long NotLocked => LockAsked - Locked - Resident;

    /// <summary>Why not, or empty.</summary>
    public string Why { get; init; } = "";

    /// <summary>True if <see cref="Mapped"/>, <see cref="Committed"/> and <see cref="Locked"/> are what the operating system says; otherwise what the host did.</summary>
    public bool Measured { get; init; }
}
