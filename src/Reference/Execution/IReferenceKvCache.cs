using Hotplug.Abstractions.KvCache;

namespace Hotplug.Reference.Execution;

/// <summary>A paged KV cache as the reference sees it: vectors of one head at a cell of a page. Where they lie is the implementer's affair.</summary>
public interface IReferenceKvCache
{
    /// <summary>Layers, widths, types and the page size.</summary>
    KvCacheSpec Spec { get; }

    /// <summary>Reads one head's key or value.</summary>
    /// <param name="layer">Layer number.</param>
    /// <param name="part">Keys or values.</param>
    /// <param name="page">Page number.</param>
    /// <param name="cell">Cell in the page.</param>
    /// <param name="head">KV head.</param>
    /// <param name="vector">Room for the head's width.</param>
    void Read(int layer, KvPart part, int page, int cell, int head, Span<double> vector);

    /// <summary>Stores one head's key or value, rounded to the type of the cache (to nearest, ties to even).</summary>
    /// <param name="layer">Layer number.</param>
    /// <param name="part">Keys or values.</param>
    /// <param name="page">Page number.</param>
    /// <param name="cell">Cell in the page.</param>
    /// <param name="head">KV head.</param>
    /// <param name="vector">The head's elements.</param>
    void Write(int layer, KvPart part, int page, int cell, int head, ReadOnlySpan<double> vector);
}
