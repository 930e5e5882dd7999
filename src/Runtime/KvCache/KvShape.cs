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

    /// <summary>Per layer the first cell there is: layers that look back on a window may have given back those before. Empty if all have all.</summary>
    public IReadOnlyList<int> FirstCells { get; init; } = [];

    /// <summary>Bytes of all cells in the neutral form.</summary>
    /// <exception cref="OverflowException">They do not fit 63 bits.</exception>
    public long Bytes
    {
        get
        {
            var bytes = 0L;
            for (var i = 0; i < Layers.Count; i++) bytes = checked(bytes + (Layers[i].KeyRowBytes + Layers[i].ValueRowBytes) * (Length - FirstCell(i)));
            return bytes;
        }
    }

    /// <summary>The first cell of a layer.</summary>
    /// <param name="index">Index among <see cref="Layers"/>.</param>
    public int FirstCell(int index) => FirstCells.Count == 0 ? 0 : FirstCells[index];
}
