using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;
using Hotplug.Runtime.Faults;

namespace Hotplug.Runtime.KvCache;

/// <summary>
/// Moves the cells of a sequence to another cache, or to a stream and back, whatever devices and page sizes either has. Cells travel in the neutral form: layer by layer in
/// ascending order, keys and then values, each as <c>[position][head][element]</c> in its cache type. Devices are called on their lanes, a block at a time, so that steps
/// of other sequences go on between two blocks; memory is bounded by one block on either side. The sequences must not be used by others meanwhile.
/// </summary>
public static class KvTransfer
{
    /// <summary>A block is at most this long, or one cell of one layer.</summary>
    private const int BlockBytes = 1 << 20;

    private delegate void BlockSource(int layer, KvPart part, int firstCell, Memory<byte> rows);

    /// <summary>Writes all cells of a sequence to a stream: <see cref="KvShape.Bytes"/> bytes of <see cref="KvSequence.Shape"/>. The sequence stays as it is.</summary>
    /// <param name="source">The sequence.</param>
    /// <param name="destination">Takes the bytes.</param>
    /// <param name="cancellation">Stops between two blocks.</param>
    /// <exception cref="BackendFaultException">A device failed.</exception>
    /// <exception cref="IOException">The stream failed.</exception>
    public static void Export(KvSequence source, Stream destination, CancellationToken cancellation = default)
    {
        var shape = source.Shape;
        var block = new byte[BlockLength(shape.Layers)];
        for (var i = 0; i < shape.Layers.Count; i++)
            foreach (var part in (ReadOnlySpan<KvPart>)[KvPart.Keys, KvPart.Values])
            {
                var layer = shape.Layers[i];
                var rowBytes = RowBytes(layer, part);
                if (rowBytes == 0) continue;
                for (int cell = shape.FirstCell(i), count; cell < shape.Length; cell += count)
                {
                    cancellation.ThrowIfCancellationRequested();
                    count = Math.Min(block.Length / rowBytes, shape.Length - cell);
                    var rows = block.AsMemory(0, count * rowBytes);
                    source.Read(layer.Layer, part, cell, rows);
                    destination.Write(rows.Span);
                }
            }
    }

    /// <summary>Fills an empty sequence from a stream. When it throws, the sequence is empty again.</summary>
    /// <param name="source">Gives what <see cref="Export"/> wrote.</param>
    /// <param name="shape">What was written. It may come from anywhere: nothing is allocated before it is found to fit the destination.</param>
    /// <param name="destination">An empty sequence.</param>
    /// <param name="conversion">Whether element types may change.</param>
    /// <param name="cancellation">Stops between two blocks.</param>
    /// <exception cref="KvMismatchException">The cells do not fit the destination.</exception>
    /// <exception cref="KvCacheFullException">There is no room for them.</exception>
    /// <exception cref="EndOfStreamException">The stream is too short.</exception>
    /// <exception cref="BackendFaultException">A device failed.</exception>
    public static void Import(Stream source, KvShape shape, KvSequence destination, KvConversion conversion = KvConversion.None, CancellationToken cancellation = default)
        => Receive(shape, destination, conversion, (_, _, _, rows) => source.ReadExactly(rows.Span), isStream: true, cancellation);

    /// <summary>Fills an empty sequence with the cells of another, usually of another loaded model of the same weights. The source stays as it is; when it throws, the destination is empty again.</summary>
    /// <param name="source">The sequence to copy.</param>
    /// <param name="destination">An empty sequence.</param>
    /// <param name="conversion">Whether element types may change.</param>
    /// <param name="cancellation">Stops between two blocks.</param>
    /// <exception cref="KvMismatchException">The cells do not fit the destination.</exception>
    /// <exception cref="KvCacheFullException">There is no room for them.</exception>
    /// <exception cref="BackendFaultException">A device of either failed; its origin says which.</exception>
    public static void Copy(KvSequence source, KvSequence destination, KvConversion conversion = KvConversion.None, CancellationToken cancellation = default)
        => Receive(source.Shape, destination, conversion, source.Read, isStream: false, cancellation);

    /// <summary>Says why cells do not fit a cache, or null.</summary>
    /// <param name="shape">The cells.</param>
    /// <param name="layers">The layers of the cache, ascending.</param>
    /// <param name="conversion">Whether element types may change.</param>
    public static string? WhyNot(KvShape shape, IReadOnlyList<KvLayerSpec> layers, KvConversion conversion = KvConversion.None)
    {
        if (shape.Length < 0 || shape.FirstPosition < 0 || shape.FirstCells.Any(c => c < 0 || c > shape.Length)) return $"{shape.Length} cells from position {shape.FirstPosition} on are no cells.";
        if (shape.Layers.Count != layers.Count) return $"The cells are of {shape.Layers.Count} layers, and the cache has {layers.Count}.";
        for (var i = 0; i < layers.Count; i++)
        {
            var (from, to) = (shape.Layers[i], layers[i]);
            if (from.Layer != to.Layer) return $"The cells are of a layer {from.Layer} where the cache has layer {to.Layer}.";
            if ((from.Heads, from.KeyWidth, from.ValueWidth) != (to.Heads, to.KeyWidth, to.ValueWidth))
                return $"Layer {to.Layer} of the cells has {from.Heads} heads of {from.KeyWidth} and {from.ValueWidth} elements, and that of the cache {to.Heads} of {to.KeyWidth} and {to.ValueWidth}.";
            if (WhyNotType(from.KeyType, to.KeyType, to.KeyWidth) is { } keys) return $"Layer {to.Layer}: the keys are {keys}";
            if (WhyNotType(from.ValueType, to.ValueType, to.ValueWidth) is { } values) return $"Layer {to.Layer}: the values are {values}";
        }
        return null;

        string? WhyNotType(TensorType from, TensorType to, int width)
        {
            if (from == to) return null;
            if (conversion == KvConversion.None) return $"{from}, and the cache has {to}. Use a cache of {from}, or allow the conversion.";
            return KvElements.IsConvertible(from) && KvElements.IsConvertible(to) && width % from.BlockLength() == 0 ? null : $"{from}, which cannot be converted to {to}. Use a cache of {from}.";
        }
    }

    private static void Receive(KvShape shape, KvSequence destination, KvConversion conversion, BlockSource source, bool isStream, CancellationToken cancellation)
    {
        if (destination.Length != 0) throw new ArgumentException("The destination has cells. Give an empty sequence.", nameof(destination));
        var layers = destination.Shape.Layers;
        if (WhyNot(shape, layers, conversion) is { } reason) throw new KvMismatchException(reason);
        var blocks = new Blocks(BlockLength(shape.Layers), BlockLength(layers));
        try
        {
            var starts = destination.Arrive(shape);
            for (var i = 0; i < layers.Count; i++)
            {
                // A stream has to be read through, a sequence from where it is wanted.
                var first = isStream ? shape.FirstCell(i) : starts[i];
                Receive(shape.Layers[i].KeyType, layers[i].KeyType, layers[i], KvPart.Keys, first, starts[i]);
                Receive(shape.Layers[i].ValueType, layers[i].ValueType, layers[i], KvPart.Values, first, starts[i]);
            }
        }
        catch
        {
            destination.Truncate(0);
            throw;
        }

        void Receive(TensorType from, TensorType to, KvLayerSpec layer, KvPart part, int first, int start)
        {
            var elements = (long)layer.Heads * (part == KvPart.Keys ? layer.KeyWidth : layer.ValueWidth);
            var (fromBytes, toBytes) = (checked((int)from.RowBytes(elements)), checked((int)to.RowBytes(elements)));
            if (toBytes == 0) return;
            for (int cell = first, count; cell < shape.Length; cell += count)
            {
                cancellation.ThrowIfCancellationRequested();
                // A block ends where the first wanted cell begins.
                count = Math.Min(Math.Min(blocks.Source.Length / fromBytes, blocks.Destination.Length / toBytes), (cell < start ? start : shape.Length) - cell);
                var rows = blocks.Source.AsMemory(0, count * fromBytes);
                source(layer.Layer, part, cell, rows);
                if (cell < start) continue;
                if (from != to)
                {
                    var converted = blocks.Destination.AsMemory(0, count * toBytes);
                    KvElements.Convert(from, rows.Span, to, converted.Span);
                    rows = converted;
                }
                destination.Write(layer.Layer, part, cell, rows);
            }
        }
    }

    private static int RowBytes(in KvLayerSpec layer, KvPart part) => checked((int)(part == KvPart.Keys ? layer.KeyRowBytes : layer.ValueRowBytes));

    /// <summary>Bytes of a block: room for a cell of every layer, and not much more than is useful.</summary>
    private static int BlockLength(IReadOnlyList<KvLayerSpec> layers)
    {
        var largest = 0;
        foreach (var layer in layers) largest = Math.Max(largest, Math.Max(RowBytes(layer, KvPart.Keys), RowBytes(layer, KvPart.Values)));
        return Math.Max(BlockBytes, largest);
    }

    private sealed class Blocks(int source, int destination)
    {
        private byte[]? _destination;

        public byte[] Source { get; } = new byte[source];

        // Used by conversions alone.
        public byte[] Destination => _destination ??= new byte[destination];
    }
}
