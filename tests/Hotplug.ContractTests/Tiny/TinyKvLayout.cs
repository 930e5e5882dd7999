using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.ContractTests.Tiny;

/// <summary>Values before keys, heads before positions, elements backwards, and a poisoned byte between all of them.</summary>
internal sealed class TinyKvLayout : IKvLayout
{
    private readonly Dictionary<(int Layer, KvPart Part), int> _offsets = [];

    public TinyKvLayout(TinyBufferType type, KvCacheSpec spec)
    {
        (BufferType, Spec) = (type, spec);
        var end = 0;
        foreach (var layer in spec.Layers)
            foreach (var part in (ReadOnlySpan<KvPart>)[KvPart.Values, KvPart.Keys])
            {
                _offsets.Add((layer.Layer, part), end);
                end += Shape(layer, part).RowBytes * spec.PageTokens + 1;
            }
        PageBytes = (nuint)end;
    }

    public KvCacheSpec Spec { get; }

    public IBufferType BufferType { get; }

    public nuint PageBytes { get; }

    public void Read(KvPageRef page, int layer, KvPart part, int firstCell, Span<byte> rows) => Move(page, layer, part, firstCell, rows.Length, rows, default, write: false);

    public void Write(KvPageRef page, int layer, KvPart part, int firstCell, ReadOnlySpan<byte> rows) => Move(page, layer, part, firstCell, rows.Length, default, rows, write: true);

    public void Copy(KvPageRef source, KvPageRef destination) => Open(source).CopyTo(Open(destination));

    /// <summary>The bytes of one head's vector, backwards.</summary>
    public Span<byte> Vector(KvPageRef page, int layer, KvPart part, int cell, int head)
    {
        var (_, headBytes) = Shape(Spec.Layer(layer), part);
        return Open(page).Slice(_offsets[(layer, part)] + (head * Spec.PageTokens + cell) * headBytes, headBytes);
    }

    private void Move(KvPageRef page, int layer, KvPart part, int firstCell, int length, Span<byte> to, ReadOnlySpan<byte> from, bool write)
    {
        var entry = Spec.Layer(layer);
        var (rowBytes, headBytes) = Shape(entry, part);
        var cells = length / rowBytes;
        if (length % rowBytes != 0 || firstCell < 0 || firstCell > Spec.PageTokens || cells > Spec.PageTokens - firstCell)
            throw new ArgumentException($"{length} bytes from cell {firstCell} on do not lie in a page of {Spec.PageTokens} cells of {rowBytes} bytes.");
        for (var cell = 0; cell < cells; cell++)
            for (var head = 0; head < entry.Heads; head++)
            {
                var vector = Vector(page, layer, part, firstCell + cell, head);
                var at = cell * rowBytes + head * headBytes;
                if (write)
                {
                    from.Slice(at, headBytes).CopyTo(vector);
                    vector.Reverse();
                }
                else
                {
                    vector.CopyTo(to[at..]);
                    to.Slice(at, headBytes).Reverse();
                }
            }
    }

    private Span<byte> Open(KvPageRef page)
    {
        var buffer = (TinyBuffer)page.Buffer;
        TensorAccess.CheckBytes(buffer, page.Offset, PageBytes);
        return buffer.Bytes.Slice((int)page.Offset, (int)PageBytes);
    }

    private static (int RowBytes, int HeadBytes) Shape(KvLayerSpec layer, KvPart part) => part == KvPart.Keys
        ? ((int)layer.KeyRowBytes, (int)layer.KeyType.RowBytes(layer.KeyWidth))
        : ((int)layer.ValueRowBytes, (int)layer.ValueType.RowBytes(layer.ValueWidth));
}
