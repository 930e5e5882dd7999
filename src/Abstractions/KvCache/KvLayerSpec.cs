using Hotplug.Abstractions.Tensors;

namespace Hotplug.Abstractions.KvCache;

/// <summary>What one layer stores per token.</summary>
public readonly record struct KvLayerSpec
{
    /// <summary>Number of the layer, as in <c>KvAppend.Layer</c>.</summary>
    public required int Layer { get; init; }

    /// <summary>KV heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Elements of a key per head.</summary>
    public required int KeyWidth { get; init; }

    /// <summary>Elements of a value per head.</summary>
    public required int ValueWidth { get; init; }

    /// <summary>Element type of stored keys.</summary>
    public required TensorType KeyType { get; init; }

    /// <summary>Element type of stored values.</summary>
    public required TensorType ValueType { get; init; }

    /// <summary>Bytes of one token's keys (all heads) in the neutral form.</summary>
    public long KeyRowBytes => KeyType.RowBytes((long)Heads * KeyWidth);

    /// <summary>Bytes of one token's values (all heads) in the neutral form.</summary>
    public long ValueRowBytes => ValueType.RowBytes((long)Heads * ValueWidth);
}
