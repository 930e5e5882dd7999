namespace Hotplug.Runtime.Memory.Receipts;

/// <summary>
/// What became of a load: asked, mapped, committed, locked, and what not and why, part by part. Measured from the operating system after the
/// load where it tells. All text and numbers: it keeps no plugin alive and serialises as it is.
/// </summary>
public sealed record LoadReceipt
{
    /// <summary>Version of this schema.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The map policy in force: "auto", "require" or "off".</summary>
    public required string Map { get; init; }

    /// <summary>The lock policy in force: "off", "try" or "require".</summary>
    public required string Lock { get; init; }

    /// <summary>The range of the composition, base address and bytes.</summary>
    public required string Range { get; init; }

    /// <summary>Every part, in order of address, then buffers added by <see cref="With"/>.</summary>
    public required IReadOnlyList<PartReceipt> Parts { get; init; }

    /// <summary>Tensors copied although mapping was wished.</summary>
    public required IReadOnlyList<TensorReceipt> Copied { get; init; }

    /// <summary>Tensors not locked although it was wished.</summary>
    public required IReadOnlyList<TensorReceipt> Unlocked { get; init; }

    /// <summary>What the user should know of how his wishes were read and met.</summary>
    public required IReadOnlyList<string> Notices { get; init; }

    /// <summary>Bytes the system counted as locked by the process before the load, or null where it does not tell.</summary>
    public long? ProcessLockedBefore { get; init; }

    /// <summary>The same after the load. Other work of the process that locks at the same time shows in it, too.</summary>
    public long? ProcessLockedAfter { get; init; }

    /// <summary>Bytes of tensors and buffers asked.</summary>
    public long Asked => Parts.Sum(part => part.Asked);

    /// <summary>Bytes of file mapped.</summary>
    public long Mapped => Parts.Sum(part => part.Mapped);

    /// <summary>Bytes of private host memory.</summary>
    public long Committed => Parts.Sum(part => part.Committed);

    /// <summary>Bytes on devices.</summary>
    public long OnDevice => Parts.Sum(part => part.OnDevice);

    /// <summary>Bytes wished locked.</summary>
    public long LockAsked => Parts.Sum(part => part.LockAsked);

    /// <summary>Bytes locked.</summary>
    public long Locked => Parts.Sum(part => part.Locked);

    /// <summary>Bytes on devices that satisfy the wish by their nature.</summary>
    public long Resident => Parts.Sum(part => part.Resident);

    /// <summary>Bytes wished locked that are not.</summary>
    public long NotLocked => Parts.Sum(part => part.NotLocked);

    /// <summary>A receipt with a buffer more: the KV cache, the workspace.</summary>
    public LoadReceipt With(params IEnumerable<PartReceipt> parts) => this with { Parts = [.. Parts, .. parts] };

    /// <summary>The receipt as a table.</summary>
    public string ToText() => ReceiptText.Format(this);
}
