using Hotplug.Abstractions.KvCache;
using Hotplug.Runtime.Faults;

namespace Hotplug.Runtime.KvCache;

/// <summary>The cells of a sequence in host memory, in the neutral form: independent of any device, and of whether the one they come from still lives. Immutable.</summary>
public sealed class KvSnapshot
{
    private readonly byte[][] _keys;
    private readonly byte[][] _values;

    private KvSnapshot(IReadOnlyList<KvLayerSpec> layers, int length, int firstPosition, byte[][] keys, byte[][] values)
        => (Layers, Length, FirstPosition, _keys, _values) = (layers, length, firstPosition, keys, values);

    /// <summary>The layers, ascending.</summary>
    public IReadOnlyList<KvLayerSpec> Layers { get; }

    /// <summary>Cells.</summary>
    public int Length { get; }

    /// <summary>Position of the first cell.</summary>
    public int FirstPosition { get; }

    /// <summary>Bytes of all cells.</summary>
    public long Bytes => _keys.Concat(_values).Sum(rows => (long)rows.Length);

    /// <summary>All rows of a part of a layer, <c>[position][head][element]</c>.</summary>
    /// <param name="index">Index in <see cref="Layers"/>.</param>
    /// <param name="part">Keys or values.</param>
    public ReadOnlyMemory<byte> Rows(int index, KvPart part) => (part == KvPart.Keys ? _keys : _values)[index];

    /// <summary>Reads all cells of a sequence, which may take part in no step meanwhile.</summary>
    /// <exception cref="BackendFaultException">A device failed.</exception>
    public static KvSnapshot Export(KvSequence sequence)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        return new(sequence.Layers, sequence.Length, sequence.FirstPosition, Read(KvPart.Keys), Read(KvPart.Values));

        byte[][] Read(KvPart part) => [.. sequence.Layers.Select(layer =>
        {
            var rows = GC.AllocateUninitializedArray<byte>(checked(sequence.Length * KvTransfer.RowBytes(layer, part)));
            sequence.Read(layer.Layer, part, 0, rows);
            return rows;
        })];
    }

    /// <summary>Cells that were read elsewhere.</summary>
    /// <param name="layers">The layers, ascending.</param>
    /// <param name="length">Cells.</param>
    /// <param name="firstPosition">Position of the first cell.</param>
    /// <param name="rows">Gives all rows of a part of a layer, by index of the layer.</param>
    /// <exception cref="ArgumentException">A part has not as many bytes as <paramref name="length"/> cells have.</exception>
    public static KvSnapshot Of(IReadOnlyList<KvLayerSpec> layers, int length, int firstPosition, Func<int, KvPart, byte[]> rows)
    {
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return new([.. layers], length, firstPosition, All(KvPart.Keys), All(KvPart.Values));

        byte[][] All(KvPart part)
        {
            var all = new byte[layers.Count][];
            for (var i = 0; i < all.Length; i++)
            {
                all[i] = rows(i, part);
                if (all[i].Length != (long)length * KvTransfer.RowBytes(layers[i], part))
                    throw new ArgumentException($"The {part} of layer {layers[i].Layer} have {all[i].Length} bytes, and {length} cells of {KvTransfer.RowBytes(layers[i], part)} were said.", nameof(rows));
            }
            return all;
        }
    }

    /// <summary>Writes all cells to an empty sequence. When it throws, that one is empty.</summary>
    /// <exception cref="ArgumentException">The layers differ (see <see cref="KvTransfer.WhyNot"/>), or the sequence is not empty.</exception>
    /// <exception cref="KvCacheFullException">There is no room.</exception>
    /// <exception cref="BackendFaultException">A device failed.</exception>
    public void Import(KvSequence sequence)
    {
        KvTransfer.Check(Layers, sequence);
        sequence.StartAt(FirstPosition);
        sequence.Extend(Length);
        try
        {
            for (var i = 0; i < Layers.Count; i++)
            {
                sequence.Write(Layers[i].Layer, KvPart.Keys, 0, _keys[i]);
                sequence.Write(Layers[i].Layer, KvPart.Values, 0, _values[i]);
            }
        }
        catch
        {
            sequence.Truncate(0);
            throw;
        }
    }
}
