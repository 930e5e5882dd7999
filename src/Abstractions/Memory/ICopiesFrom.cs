using Hotplug.Abstractions.Tensors;

namespace Hotplug.Abstractions.Memory;

/// <summary>Implemented by a device that can copy into its own buffers from others without a detour through host memory.</summary>
public interface ICopiesFrom
{
    /// <summary>
    /// Copies the first <paramref name="rows"/> rows of a tensor. Ordered like <see cref="IBuffer.Write"/>: the source has been written when
    /// it is called, and later work sees the copy.
    /// </summary>
    /// <param name="source">A tensor in a buffer of any backend.</param>
    /// <param name="destination">A tensor of the same type and row length in a buffer of this device.</param>
    /// <param name="rows">Rows to copy.</param>
    /// <returns>False if this pair cannot be copied directly; nothing was touched and the host stages.</returns>
    bool TryCopy(in TensorRef source, in TensorRef destination, long rows);
}
