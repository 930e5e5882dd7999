using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Abstractions.Memory;

/// <summary>
/// A way in which a device stores bytes. Members are pure facts but for <see cref="Allocate"/>, constant for the life of the
/// backend, and may be called from any thread.
/// </summary>
public interface IBufferType
{
    /// <summary>Name, unique in the process: the backend's id, followed by a dot and a word where a backend has several ("cpu", "cpu.interleaved", "metal.mapped").</summary>
    string Name { get; }

    /// <summary>Alignment of a buffer's base address in bytes: a power of two, at least 1.</summary>
    nuint BaseAlignment { get; }

    /// <summary>Alignment in bytes of every tensor's offset in a buffer: a power of two, at least 1. A type that adopts mapped files should accept 32.</summary>
    nuint TensorAlignment { get; }

    /// <summary>Largest single allocation in bytes. The host splits what is larger; the plugin refuses it.</summary>
    nuint MaxLength { get; }

    /// <summary>What is true of every buffer of this type.</summary>
    BufferTraits Traits { get; }

    /// <summary>
    /// Bytes that <paramref name="tensor"/> occupies in a buffer of this type, padding included: at least its standard bytes, monotone in
    /// every extent, the same at every call. For an adopting type equal to the standard bytes.
    /// </summary>
    nuint AllocationSize(in TensorSpec tensor);

    /// <summary>
    /// Makes a buffer that answers to the addresses of the request. The host owns and disposes it, and disposes it before the range and the
    /// backing go. The content is undefined, except with a backing, which is taken as it is.
    /// </summary>
    /// <exception cref="TooLargeException">More bytes than <see cref="MaxLength"/>.</exception>
    /// <exception cref="OutOfDeviceMemoryException">The device has no room. Nothing is held afterwards.</exception>
    /// <exception cref="MisalignedException">The range or the backing is not aligned as stated.</exception>
    /// <exception cref="UnsupportedException">The backing is missing, or of a kind that the type does not adopt.</exception>
    /// <exception cref="DeviceLostException">The device is gone.</exception>
    IBuffer Allocate(in BufferRequest request);
}
