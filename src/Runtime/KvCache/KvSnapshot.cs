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
        return new(shape, [.. shape.Layers.Select((layer, i) => (Read(layer, KvPart.Keys, shape.FirstCell(i)), Read(layer, KvPart.Values, shape.FirstCell(i))))]);

        byte[] Read(KvLayerSpec layer, KvPart part, int first)
        {
            var rows = GC.AllocateUninitializedArray<byte>(checked((int)((shape.Length - first) * (part == KvPart.Keys ? layer.KeyRowBytes : layer.ValueRowBytes))));
            if (rows.Length > 0) sequence.Read(layer.Layer, part, first, rows);
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
            var starts = sequence.Arrive(Shape);
            for (var i = 0; i < _layers.Length; i++)
            {
                var (layer, skipped) = (Shape.Layers[i], starts[i] - Shape.FirstCell(i));
                Write(layer.Layer, KvPart.Keys, starts[i], _layers[i].Keys.AsMemory((int)(skipped * layer.KeyRowBytes)));
                Write(layer.Layer, KvPart.Values, starts[i], _layers[i].Values.AsMemory((int)(skipped * layer.ValueRowBytes)));
            }
        }
        catch
        {
            sequence.Truncate(0);
            throw;
        }

        void Write(int layer, KvPart part, int cell, ReadOnlyMemory<byte> rows)
        {
            if (rows.Length > 0) sequence.Write(layer, part, cell, rows);
        }
    }
}
