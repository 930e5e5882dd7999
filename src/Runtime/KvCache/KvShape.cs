using Hotplug.Abstractions.KvCache;

namespace Hotplug.Runtime.KvCache;

/// <summary>What the cells of a sequence are, wherever they lie: enough to read them in their neutral form. Immutable.</summary>
public sealed record KvShape
{
    /// <summary>The layers, ascending by number, each once.</summary>
    public required IReadOnlyList<KvLayerSpec> Layers { get; init; }

    /// <summary>Cells.</summary>
    public required int Length { get; init; }

    /// <summary>Position of the first cell.</summary>
    public int FirstPosition { get; init; }

    /// <summary>Bytes of all cells in the neutral form.</summary>
    /// <exception cref="OverflowException">They do not fit 63 bits.</exception>
    public long Bytes
    {
        get
        {
            var row = 0L;
            foreach (var layer in Layers) row = checked(row + layer.KeyRowBytes + layer.ValueRowBytes);
            return checked(row * Length);
        }
    }
}
