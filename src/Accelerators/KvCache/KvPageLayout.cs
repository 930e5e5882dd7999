using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Accelerators.KvCache;

/// <summary>
/// The layout of a page of KV cache in device memory, as kernels of the device plugins read it: layers one behind the other, keys then values, each part aligned.
/// Mathematics only; holds no memory. Immutable.
/// </summary>
public sealed class KvPageLayout
{
    // Kernels count the words of a page in 32 bits.
    private const long MaxPageBytes = 1L << 30;

    private readonly Dictionary<int, (KvPartLayout Keys, KvPartLayout Values)> _layers = [];

    /// <summary>Lays out the pages of a cache.</summary>
    /// <param name="spec">The cache.</param>
    /// <param name="alignment">Bytes to which every part and the page are aligned; a power of two, at least 4.</param>
    /// <exception cref="UnsupportedException">See <see cref="Refusal"/>.</exception>
    public KvPageLayout(KvCacheSpec spec, long alignment)
    {
        if (alignment < 4 || (alignment & (alignment - 1)) != 0)
            throw new ArgumentOutOfRangeException(nameof(alignment), alignment, "The alignment of a page must be a power of two of at least 4 bytes.");
        if (Refusal(spec) is { } reason) throw new UnsupportedException(reason);
        Spec = spec;
        foreach (var layer in spec.Layers)
            _layers.Add(layer.Layer, (Add(KvPart.Keys, layer.KeyType, layer.Heads, layer.KeyWidth), Add(KvPart.Values, layer.ValueType, layer.Heads, layer.ValueWidth)));
        // A page of no layers still has a place.
        PageBytes = Math.Max(PageBytes, alignment);

        KvPartLayout Add(KvPart part, TensorType type, int heads, int width)
        {
            var layout = new KvPartLayout(part, PageBytes, type, heads, width, spec.PageTokens);
            if (layout.Bytes > MaxPageBytes - alignment - PageBytes)
                throw new UnsupportedException($"A page of {spec.PageTokens} tokens takes more than {MaxPageBytes >> 20} MiB; use a smaller page or fewer layers in one cache.");
            PageBytes = (PageBytes + layout.Bytes + alignment - 1) & -alignment;
            return layout;
        }
    }

    /// <summary>The cache.</summary>
    public KvCacheSpec Spec { get; }

    /// <summary>Bytes of a page; a multiple of the alignment.</summary>
    public long PageBytes { get; private set; }

    /// <summary>Why pages cannot be laid out for a cache, or null.</summary>
    public static string? Refusal(KvCacheSpec spec)
    {
        if (spec.PageTokens < 2 || (spec.PageTokens & (spec.PageTokens - 1)) != 0)
            return $"Pages of {spec.PageTokens} tokens are not laid out; the number must be a power of two of at least 2.";
        var layers = new HashSet<int>();
        foreach (var layer in spec.Layers)
        {
            if (!IsKvType(layer.KeyType) || !IsKvType(layer.ValueType))
                return $"Keys and values are kept as F32, F16 or BF16, not {layer.KeyType} and {layer.ValueType} (layer {layer.Layer}).";
            if (layer.Heads < 1 || layer.KeyWidth < 1 || layer.ValueWidth < 1)
                return $"Layer {layer.Layer} has {layer.Heads} KV heads of width {layer.KeyWidth} and {layer.ValueWidth}.";
            if (!layers.Add(layer.Layer))
                return $"Layer {layer.Layer} is in the KV cache twice.";
        }
        return null;
    }

    /// <summary>Whether elements of a type can be kept.</summary>
    public static bool IsKvType(TensorType type) => type is TensorType.F32 or TensorType.F16 or TensorType.BF16;

    /// <summary>Where the keys or values of a layer lie in a page.</summary>
    /// <exception cref="ArgumentException">The layer is not in the cache.</exception>
    public KvPartLayout Part(int layer, KvPart part)
        => !_layers.TryGetValue(layer, out var entry) ? throw new ArgumentException($"Layer {layer} is not in this KV cache.", nameof(layer))
            : part switch
            {
                KvPart.Keys => entry.Keys,
                KvPart.Values => entry.Values,
                _ => throw new ArgumentException($"{part} is neither keys nor values.", nameof(part)),
            };
}
