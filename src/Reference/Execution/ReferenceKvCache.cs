using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Formats;

namespace Hotplug.Reference.Execution;

/// <summary>A KV cache in arrays, each page in the neutral form <c>[position][head][element]</c> per layer and part. Not safe for several threads at once.</summary>
public sealed class ReferenceKvCache : IReferenceKvCache
{
    private readonly Dictionary<(int Layer, KvPart Part), byte[]> _parts = [];

    /// <summary>Creates a cache of zeros.</summary>
    /// <param name="spec">Layers, widths, types and the page size.</param>
    /// <param name="pages">Pages, numbered from 0.</param>
    /// <exception cref="NotSupportedException">A type is not among <see cref="Types"/>.</exception>
    /// <exception cref="ArgumentException">A head is no whole number of blocks of its type.</exception>
    public ReferenceKvCache(KvCacheSpec spec, int pages)
    {
        (Spec, PageCount) = (spec, pages);
        foreach (var layer in spec.Layers)
        {
            if (!Types.Contains(layer.KeyType) || !Types.Contains(layer.ValueType))
                throw new NotSupportedException($"A KV cache of {layer.KeyType} and {layer.ValueType} has no reference. Known: {string.Join(", ", Types)}.");
            if (layer.KeyWidth % layer.KeyType.BlockLength() != 0 || layer.ValueWidth % layer.ValueType.BlockLength() != 0)
                throw new ArgumentException($"Heads of {layer.KeyWidth} and {layer.ValueWidth} elements are no whole number of {layer.KeyType} and {layer.ValueType} blocks.", nameof(spec));
            _parts.Add((layer.Layer, KvPart.Keys), new byte[layer.KeyRowBytes * spec.PageTokens * pages]);
            _parts.Add((layer.Layer, KvPart.Values), new byte[layer.ValueRowBytes * spec.PageTokens * pages]);
        }
    }

    /// <summary>Types a cache of the reference may have: single elements (<see cref="KvElement"/>), and blocks of 32 as <see cref="Quantizer"/> writes them.</summary>
    public static IReadOnlyList<TensorType> Types { get; } = [.. KvElement.Types, TensorType.Q8_0, TensorType.Q4_0];

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
        Elements(type, bytes, vector);
    }

    /// <inheritdoc/>
    public void Write(int layer, KvPart part, int page, int cell, int head, ReadOnlySpan<double> vector)
    {
        var bytes = Vector(layer, part, page, cell, head, out var type);
        if (type.BlockLength() > 1)
        {
            // A backend rounds to single precision first.
            var singles = new float[vector.Length];
            for (var i = 0; i < vector.Length; i++) singles[i] = (float)vector[i];
            Quantizer.Write(type, singles, bytes);
            return;
        }
        var size = type.BlockBytes();
        for (var i = 0; i < vector.Length; i++) KvElement.Write(type, vector[i], bytes[(i * size)..]);
    }

    /// <summary>Reads elements of the neutral form.</summary>
    /// <param name="type">Their type, one of <see cref="Types"/>.</param>
    /// <param name="bytes">Whole blocks.</param>
    /// <param name="elements">Room for as many elements.</param>
    /// <exception cref="NotSupportedException">The type is none of a cache.</exception>
    public static void Elements(TensorType type, ReadOnlySpan<byte> bytes, Span<double> elements)
    {
        if (type.BlockLength() > 1)
        {
            var singles = new float[elements.Length];
            Dequantizer.Read(type, bytes, singles);
            for (var i = 0; i < singles.Length; i++) elements[i] = singles[i];
            return;
        }
        var size = type.BlockBytes();
        for (var i = 0; i < elements.Length; i++) elements[i] = KvElement.Read(type, bytes[(i * size)..]);
    }

    private Span<byte> Vector(int layer, KvPart part, int page, int cell, int head, out TensorType type)
    {
        var entry = Spec.Layer(layer);
        type = part == KvPart.Keys ? entry.KeyType : entry.ValueType;
        var bytes = (int)type.RowBytes(part == KvPart.Keys ? entry.KeyWidth : entry.ValueWidth);
        return Cells(page, layer, part, cell, 1).Slice(head * bytes, bytes);
    }
}
