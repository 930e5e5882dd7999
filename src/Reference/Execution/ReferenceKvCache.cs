using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Reference.Execution;

/// <summary>A KV cache in arrays, each page in the neutral form <c>[position][head][element]</c> per layer and part. Not safe for several threads at once.</summary>
public sealed class ReferenceKvCache : IReferenceKvCache
{
    private readonly Dictionary<(int Layer, KvPart Part), byte[]> _parts = [];

    /// <summary>Creates a cache of zeros.</summary>
    /// <param name="spec">Layers, widths, types and the page size.</param>
    /// <param name="pages">Pages, numbered from 0.</param>
    /// <exception cref="NotSupportedException">A type is not among <see cref="KvElement.Types"/>.</exception>
    public ReferenceKvCache(KvCacheSpec spec, int pages)
    {
        (Spec, PageCount) = (spec, pages);
        foreach (var layer in spec.Layers)
        {
            _ = KvElement.Round(layer.KeyType, 0) + KvElement.Round(layer.ValueType, 0);
            _parts.Add((layer.Layer, KvPart.Keys), new byte[layer.KeyRowBytes * spec.PageTokens * pages]);
            _parts.Add((layer.Layer, KvPart.Values), new byte[layer.ValueRowBytes * spec.PageTokens * pages]);
        }
    }

    /// <inheritdoc/>
    public KvCacheSpec Spec { get; }

    /// <summary>Pages.</summary>
    public int PageCount { get; }

    /// <summary>Cells of one layer in the neutral form, as <see cref="IKvLayout.Read"/> gives them; writable.</summary>
    /// <param name="page">Page number.</param>
    /// <param name="layer">Layer number.</param>
    /// <param name="part">Keys or values.</param>
    /// <param name="firstCell">First cell in the page.</param>
    /// <param name="cells">Number of cells.</param>
    /// <exception cref="ArgumentOutOfRangeException">The cells do not lie in a page of the cache.</exception>
    public Span<byte> Cells(int page, int layer, KvPart part, int firstCell, int cells)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)page, (uint)PageCount, nameof(page));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)firstCell, (uint)Spec.PageTokens, nameof(firstCell));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)cells, (uint)(Spec.PageTokens - firstCell), nameof(cells));
        var entry = Spec.Layer(layer);
        var rowBytes = (int)(part == KvPart.Keys ? entry.KeyRowBytes : entry.ValueRowBytes);
        return _parts[(layer, part)].AsSpan((page * Spec.PageTokens + firstCell) * rowBytes, cells * rowBytes);
    }

    /// <inheritdoc/>
    public void Read(int layer, KvPart part, int page, int cell, int head, Span<double> vector)
    {
        var bytes = Vector(layer, part, page, cell, head, out var type);
        var size = type.BlockBytes();
        for (var i = 0; i < vector.Length; i++) vector[i] = KvElement.Read(type, bytes[(i * size)..]);
    }

    /// <inheritdoc/>
    public void Write(int layer, KvPart part, int page, int cell, int head, ReadOnlySpan<double> vector)
    {
        var bytes = Vector(layer, part, page, cell, head, out var type);
        var size = type.BlockBytes();
        for (var i = 0; i < vector.Length; i++) KvElement.Write(type, vector[i], bytes[(i * size)..]);
    }

    private Span<byte> Vector(int layer, KvPart part, int page, int cell, int head, out TensorType type)
    {
        var entry = Spec.Layer(layer);
        type = part == KvPart.Keys ? entry.KeyType : entry.ValueType;
        var bytes = (part == KvPart.Keys ? entry.KeyWidth : entry.ValueWidth) * type.BlockBytes();
        return Cells(page, layer, part, cell, 1).Slice(head * bytes, bytes);
    }
}
