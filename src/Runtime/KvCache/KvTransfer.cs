using Hotplug.Abstractions.KvCache;
using Hotplug.Runtime.Faults;

namespace Hotplug.Runtime.KvCache;

/// <summary>
/// Carries the cells of a sequence to a sequence of another executor, in the neutral form: whatever the devices, their pages and how the layers are shared out among them.
/// Neither sequence may take part in a step meanwhile.
/// </summary>
public static class KvTransfer
{
    /// <summary>Bytes carried at a time.</summary>
    private const int Piece = 1 << 20;

    /// <summary>Why cells of these layers are no cells of those, or null if they are.</summary>
    public static string? WhyNot(IReadOnlyList<KvLayerSpec> from, IReadOnlyList<KvLayerSpec> to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        if (from.Count != to.Count) return $"{from.Count} layers are cached on one side and {to.Count} on the other";
        foreach (var (mine, other) in from.Zip(to))
        {
            if ((mine.Layer, mine.Heads, mine.KeyWidth, mine.ValueWidth) != (other.Layer, other.Heads, other.KeyWidth, other.ValueWidth))
                return $"layer {mine.Layer} is cached in another shape";
            if ((mine.KeyType, mine.ValueType) != (other.KeyType, other.ValueType))
                return $"layer {mine.Layer} is cached as {mine.KeyType} and {mine.ValueType} on one side and as {other.KeyType} and {other.ValueType} on the other";
        }
        return null;
    }

    /// <summary>Copies all cells. When it throws, the source is unchanged and the destination is empty.</summary>
    /// <param name="from">The sequence to read.</param>
    /// <param name="to">An empty sequence whose layers are the same.</param>
    /// <exception cref="ArgumentException">The layers differ, or the destination is not empty.</exception>
    /// <exception cref="KvCacheFullException">The destination has no room.</exception>
    /// <exception cref="BackendFaultException">A device on either side failed; its origin names it.</exception>
    public static void Copy(KvSequence from, KvSequence to)
    {
        Check(from?.Layers ?? throw new ArgumentNullException(nameof(from)), to);
        to.StartAt(from.FirstPosition);
        to.Extend(from.Length);
        try
        {
            var buffer = Array.Empty<byte>();
            foreach (var layer in from.Layers)
                foreach (var part in (ReadOnlySpan<KvPart>)[KvPart.Keys, KvPart.Values])
                {
                    var row = RowBytes(layer, part);
                    var cells = Math.Max(1, Piece / row);
                    if (buffer.Length < Math.Min(cells, from.Length) * row) buffer = GC.AllocateUninitializedArray<byte>(Math.Min(cells, from.Length) * row);
                    for (var first = 0; first < from.Length; first += cells)
                    {
                        var piece = buffer.AsMemory(0, Math.Min(cells, from.Length - first) * row);
                        from.Read(layer.Layer, part, first, piece);
                        to.Write(layer.Layer, part, first, piece);
                    }
                }
        }
        catch
        {
            to.Truncate(0);
            throw;
        }
    }

    internal static int RowBytes(KvLayerSpec layer, KvPart part) => checked((int)(part == KvPart.Keys ? layer.KeyRowBytes : layer.ValueRowBytes));

    internal static void Check(IReadOnlyList<KvLayerSpec> layers, KvSequence to)
    {
        ArgumentNullException.ThrowIfNull(to);
        if (WhyNot(layers, to.Layers) is { } reason) throw new ArgumentException($"The cells do not fit: {reason}.", nameof(to));
        if (to.Length != 0) throw new ArgumentException($"The destination has {to.Length} cells already.", nameof(to));
    }
}
