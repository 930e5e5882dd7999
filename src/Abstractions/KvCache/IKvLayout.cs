using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Memory;

namespace Hotplug.Abstractions.KvCache;

/// <summary>
/// How a device lays out pages of a KV cache. The layout inside a page is the backend's own; the neutral form, in which pages are migrated, saved and
/// tested, is <c>[position][head][element]</c> per layer and part, each in its cache type. Holds no memory. Calls are serialised with the
/// other calls on the device.
/// </summary>
public interface IKvLayout
{
    /// <summary>The cache it lays out.</summary>
    KvCacheSpec Spec { get; }

    /// <summary>The type of the buffers that pages lie in.</summary>
    IBufferType BufferType { get; }

    /// <summary>Bytes of a page, all layers, keys and values; a multiple of the buffer type's tensor alignment, at most its largest allocation.</summary>
    nuint PageBytes { get; }

    /// <summary>Reads cells of one layer in the neutral form, after all work started earlier.</summary>
    /// <param name="page">The page.</param>
    /// <param name="layer">Layer number.</param>
    /// <param name="part">Keys or values.</param>
    /// <param name="firstCell">First cell in the page.</param>
    /// <param name="rows">Room for a whole number of cells.</param>
    /// <exception cref="ArgumentException">The cells do not lie in the page.</exception>
    /// <exception cref="DeviceLostException">The device is gone.</exception>
    void Read(KvPageRef page, int layer, KvPart part, int firstCell, Span<byte> rows);

    /// <summary>Writes cells of one layer in the neutral form; seen by all work started later.</summary>
    /// <param name="page">The page.</param>
    /// <param name="layer">Layer number.</param>
    /// <param name="part">Keys or values.</param>
    /// <param name="firstCell">First cell in the page.</param>
    /// <param name="rows">A whole number of cells.</param>
    /// <exception cref="ArgumentException">The cells do not lie in the page.</exception>
    /// <exception cref="DeviceLostException">The device is gone.</exception>
    void Write(KvPageRef page, int layer, KvPart part, int firstCell, ReadOnlySpan<byte> rows);

    /// <summary>Copies a whole page.</summary>
    /// <exception cref="DeviceLostException">The device is gone.</exception>
    void Copy(KvPageRef source, KvPageRef destination);
}
