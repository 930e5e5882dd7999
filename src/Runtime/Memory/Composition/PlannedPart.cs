using Hotplug.Abstractions.Memory;

namespace Hotplug.Runtime.Memory.Composition;

/// <summary>One physical buffer of a composition. Bytes throughout.</summary>
public sealed record PlannedPart
{
    /// <summary>Place in the list of parts, which is the order of addresses.</summary>
    public required int Index { get; init; }

    /// <summary>The type that makes it.</summary>
    public IBufferType BufferType => Facts.Type;

    /// <summary>Name of the type.</summary>
    public string TypeName => Facts.Name;

    /// <summary>Name of the device.</summary>
    public required string Device { get; init; }

    /// <summary>Bytes from the start of the composition's range.</summary>
    public required nuint Offset { get; init; }

    /// <summary>Bytes of the buffer; whole pages for a mapping, 0 for an empty buffer.</summary>
    public required nuint Length { get; init; }

    /// <summary>What stands behind it.</summary>
    public required PartBacking Backing { get; init; }

    /// <summary>Index of the file mapped, or −1.</summary>
    public int File { get; init; } = -1;

    /// <summary>First byte mapped; whole pages.</summary>
    public long FileOffset { get; init; }

    /// <summary>Bytes of its tensors, in their standard layout.</summary>
    public required long TensorBytes { get; init; }

    /// <summary>Bytes wished locked: whole pages in host memory, each once; bytes of tensors on a device.</summary>
    public long LockAsked { get; init; }

    /// <summary>Bytes of whole pages that the load will lock.</summary>
    public long LockBytes { get; init; }

    /// <summary>Bytes on a device that satisfy the wish by their nature.</summary>
    public long ResidentBytes { get; init; }

    internal BufferTypeFacts Facts { get; init; } = null!;

    /// <summary>Bytes of addresses: an empty part has one unit.</summary>
    internal nuint Span => Length == 0 ? Facts.BaseAlignment : Length;
}
