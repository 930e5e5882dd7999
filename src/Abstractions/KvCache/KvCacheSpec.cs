namespace Hotplug.Abstractions.KvCache;

/// <summary>The layers whose keys and values one device keeps. Immutable.</summary>
public sealed record KvCacheSpec
{
    /// <summary>Tokens in a page: the device's own number.</summary>
    public required int PageTokens { get; init; }

    /// <summary>The layers, ascending by number; not necessarily contiguous.</summary>
    public required IReadOnlyList<KvLayerSpec> Layers { get; init; }

    /// <summary>The entry of a layer.</summary>
    /// <exception cref="KeyNotFoundException">The layer is not in the cache.</exception>
    public KvLayerSpec Layer(int layer)
    {
        foreach (var entry in Layers)
            if (entry.Layer == layer) return entry;
        throw new KeyNotFoundException($"Layer {layer} is not in this KV cache.");
    }
}
