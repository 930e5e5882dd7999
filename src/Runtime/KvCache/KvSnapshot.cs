using Hotplug.Abstractions.KvCache;
using Hotplug.Runtime.Faults;

namespace Hotplug.Runtime.KvCache;

/// <summary>
/// The cells of a sequence in host memory, in the neutral form: independent of any device, and of whether the one they come from still lives. Immutable. Unlike the stream of
/// <see cref="KvTransfer.Export"/> it is in pieces, one for each part of a layer, so that its size is bounded by nothing but memory.
/// </summary>
public sealed class KvSnapshot
{
    private readonly (byte[] Keys, byte[] Values)[] _layers;

    private KvSnapshot(KvShape shape, (byte[], byte[])[] layers) => (Shape, _layers) = (shape, layers);

    /// <summary>What the cells are.</summary>
    public KvShape Shape { get; }

    /// <summary>Reads all cells of a sequence, which may take part in no step meanwhile.</summary>
    /// <exception cref="BackendFaultException">A device failed.</exception>
    public static KvSnapshot Take(KvSequence sequence)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        var shape = sequence.Shape;
        return new(shape, [.. shape.Layers.Select(layer => (Read(layer, KvPart.Keys), Read(layer, KvPart.Values)))]);

        byte[] Read(KvLayerSpec layer, KvPart part)
        {
            var rows = GC.AllocateUninitializedArray<byte>(checked((int)(shape.Length * (part == KvPart.Keys ? layer.KeyRowBytes : layer.ValueRowBytes))));
            if (rows.Length > 0) sequence.Read(layer.Layer, part, 0, rows);
            return rows;
        }
    }

    /// <summary>Writes all cells to an empty sequence. When it throws, that one is empty.</summary>
    /// <exception cref="KvMismatchException">The cells do not fit the sequence; see <see cref="KvTransfer.WhyNot"/>.</exception>
    /// <exception cref="KvCacheFullException">There is no room.</exception>
    /// <exception cref="BackendFaultException">A device failed.</exception>
    public void Restore(KvSequence sequence)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        if (sequence.Length != 0) throw new ArgumentException("The destination has cells. Give an empty sequence.", nameof(sequence));
        if (KvTransfer.WhyNot(Shape, sequence.Shape.Layers) is { } reason) throw new KvMismatchException(reason);
        try
        {
            sequence.Extend(Shape.Length, Shape.FirstPosition);
            for (var i = 0; i < _layers.Length; i++)
            {
                if (_layers[i].Keys.Length > 0) sequence.Write(Shape.Layers[i].Layer, KvPart.Keys, 0, _layers[i].Keys);
                if (_layers[i].Values.Length > 0) sequence.Write(Shape.Layers[i].Layer, KvPart.Values, 0, _layers[i].Values);
            }
        }
        catch
        {
            sequence.Truncate(0);
            throw;
        }
    }
}
