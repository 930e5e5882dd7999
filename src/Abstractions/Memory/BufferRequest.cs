namespace Hotplug.Abstractions.Memory;

/// <summary>What the host asks of <see cref="IBufferType.Allocate"/>.</summary>
public readonly record struct BufferRequest
{
    /// <summary>
    /// The addresses the buffer answers to, reserved by the host: aligned to <see cref="IBufferType.BaseAlignment"/>, disjoint from every
    /// other root range. At most <see cref="IBufferType.MaxLength"/> bytes. The length is what must be stored; for an empty
    /// buffer it is one alignment unit and <see cref="Length"/> is 0.
    /// </summary>
    public required AddressRange Range { get; init; }

    /// <summary>Bytes to store, 0 for an empty buffer, otherwise the length of <see cref="Range"/>.</summary>
    public required nuint Length { get; init; }

    /// <summary>
    /// Host memory at <see cref="AddressRange.Start"/> of <see cref="Range"/> to stand on; null for types that are not host-visible.
    /// With <see cref="HostAccess.Read"/> the buffer is read-only.
    /// </summary>
    public HostMemory? Backing { get; init; }

    /// <summary>What the buffer is for.</summary>
    public BufferUsage Usage { get; init; }
}
