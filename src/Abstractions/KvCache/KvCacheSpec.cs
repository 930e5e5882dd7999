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
        // Asked in every step: enumerating the interface would allocate.
        for (var i = 0; i < Layers.Count; i++)
            if (Layers[i].Layer == layer) return Layers[i];
        throw new KeyNotFoundException($"Layer {layer} is not in this KV cache.");
    }
}
