using Hotplug.Abstractions.KvCache;
using Hotplug.Runtime.KvCache;

namespace Hotplug.Inference.Generation.Saving;

/// <summary>What the cache section of a saved generation holds.</summary>
public sealed record SavedCache
{
    /// <summary>Cells, one per evaluated token; 0 for a file without a cache.</summary>
    public required int Length { get; init; }

    /// <summary>Position of the first cell.</summary>
    public required int FirstPosition { get; init; }

    /// <summary>The layers, ascending by number.</summary>
    public required IReadOnlyList<SavedCacheLayer> Layers { get; init; }

    internal static SavedCache Of(KvShape shape) => new()
    {
        Length = shape.Length, FirstPosition = shape.FirstPosition,
        Layers = [.. shape.Layers.Select((l, i) => new SavedCacheLayer(l.Layer, l.Heads, l.KeyWidth, l.ValueWidth, l.KeyType, l.ValueType, shape.FirstCell(i)))],
    };

    internal KvShape ToShape() => new()
    {
        Length = Length, FirstPosition = FirstPosition, FirstCells = Layers.Any(l => l.FirstCell > 0) ? [.. Layers.Select(l => l.FirstCell)] : [],
        Layers = [.. Layers.Select(l => new KvLayerSpec { Layer = l.Layer, Heads = l.Heads, KeyWidth = l.KeyWidth, ValueWidth = l.ValueWidth, KeyType = l.KeyType, ValueType = l.ValueType })],
    };
}
