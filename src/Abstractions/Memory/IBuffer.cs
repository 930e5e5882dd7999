using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Abstractions.Memory;

/// <summary>
/// A buffer at addresses that the host gave it. Every operation is defined for every buffer: empty, read-only, view and composite ones too.
/// Calls are serialised per device by the host; spans are valid until the call returns. Disposing twice is harmless; any other
/// call on a disposed buffer throws <see cref="ObjectDisposedException"/>. Where work that does not end may still touch the host's memory, disposing gives back what it can and
/// throws a <see cref="Faults.BackendException"/> of the kind <see cref="Faults.FaultKind.TimedOut"/>: the host then keeps memory and addresses for good.
/// </summary>
public interface IBuffer : IDisposable
{
    /// <summary>The type that made the buffer. For a composite a type that states the conjunction of its parts.</summary>
    IBufferType Type { get; }

    /// <summary>
    /// The addresses the buffer answers to, as requested: constant for its life, never empty. For an empty buffer the range is one
    /// alignment unit; see <see cref="Length"/>.
    /// </summary>
    AddressRange Range { get; }

    /// <summary>Bytes stored, 0 for an empty buffer.</summary>
    nuint Length { get; }

    /// <summary>What the buffer was made for.</summary>
    BufferUsage Usage { get; }

    /// <summary>True if <see cref="Write"/> and <see cref="Clear"/> are refused.</summary>
    bool IsReadOnly { get; }

    /// <summary>The base address: non-zero, aligned, constant. An identity; memory only if <see cref="TryGetPointer"/> says so.</summary>
    sealed nuint BaseAddress => Range.Start;

    /// <summary>Gives the host memory at the base address, if and only if the type is host-visible and the buffer not empty.</summary>
    /// <param name="pointer">Equal to <see cref="BaseAddress"/> on success, otherwise 0.</param>
    bool TryGetPointer(out nint pointer);

    /// <summary>
    /// Stores whole rows of a tensor, given in the standard layout of its type. Ordered after all work started earlier; returns when <paramref name="rows"/> may be reused;
    /// what was written is seen by all work and reads started later. Padding that work may read is initialised.
    /// </summary>
    /// <param name="tensor">A tensor in this buffer.</param>
    /// <param name="firstRow">First row to write, 0 to the tensor's row count.</param>
    /// <param name="rows">A whole number of rows; may be empty.</param>
    /// <exception cref="ReadOnlyException">The buffer is read-only. Nothing was touched.</exception>
    /// <exception cref="ArgumentException">The rows do not lie in the tensor, or the tensor not in the buffer. Nothing was touched.</exception>
    /// <exception cref="DeviceLostException">The device is gone.</exception>
    void Write(in TensorRef tensor, long firstRow, ReadOnlySpan<byte> rows);

    /// <summary>Reads whole rows of a tensor in the standard layout of its type, after all work started earlier that writes them.</summary>
    /// <param name="tensor">A tensor in this buffer.</param>
    /// <param name="firstRow">First row to read.</param>
    /// <param name="rows">Room for a whole number of rows; may be empty.</param>
    /// <exception cref="ArgumentException">The rows do not lie in the tensor, or the tensor not in the buffer. Nothing was touched.</exception>
    /// <exception cref="DeviceLostException">The device is gone.</exception>
    void Read(in TensorRef tensor, long firstRow, Span<byte> rows);

    /// <summary>Sets bytes to zero: a tensor lying there reads as zero bytes, in whatever layout it is kept. Ordered like <see cref="Write"/>.</summary>
    /// <param name="offset">Bytes from the start of the buffer.</param>
    /// <param name="length">Bytes; may be 0.</param>
    /// <exception cref="ReadOnlyException">The buffer is read-only. Nothing was touched.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The bytes do not lie in the buffer. Nothing was touched.</exception>
    /// <exception cref="DeviceLostException">The device is gone.</exception>
    void Clear(nuint offset, nuint length);
}
