using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Cpu.Memory;

namespace Hotplug.Cpu.KvCache;

/// <summary>
/// Pages of <see cref="PageTokens"/> cells. Layers one behind the other; per layer the keys of each head as <c>[element][cell]</c>, so that
/// scores of neighbouring cells are lanes of one register, then the values of each head as <c>[cell][element]</c>, rows padded to sixteen elements. Keys in blocks
/// are <c>[block][byte][cell]</c> with the scales behind them, values in blocks are as in the neutral form.
/// </summary>
internal sealed unsafe class CpuKvLayout : IKvLayout
{
    /// <summary>Cells of a page.</summary>
    public const int PageTokens = 32;
    private const long Alignment = 64;

    private readonly Dictionary<int, CpuKvLayer> _layers = [];

    /// <exception cref="UnsupportedException">A type or the page size is not the device's.</exception>
    public CpuKvLayout(KvCacheSpec spec)
    {
        if (spec.PageTokens != PageTokens)
            throw new UnsupportedException($"cpu keeps KV pages of {PageTokens} tokens, not {spec.PageTokens}.");
        Spec = spec;
        long offset = 0;
        foreach (var layer in spec.Layers)
        {
            if (Refusal(layer) is { } refusal) throw new UnsupportedException(refusal);
            var keyHeadBytes = Align(layer.KeyType.RowBytes(layer.KeyWidth) * PageTokens);
            var valueStride = (layer.ValueWidth + 15) / 16 * 16;
            var valueRowBytes = layer.ValueType.RowBytes(valueStride);
            var valueHeadBytes = Align(valueRowBytes * PageTokens);
            _layers.Add(layer.Layer, new CpuKvLayer(layer, offset, keyHeadBytes, offset + keyHeadBytes * layer.Heads, valueHeadBytes, valueStride, valueRowBytes));
            offset += (keyHeadBytes + valueHeadBytes) * layer.Heads;
        }
        PageBytes = (nuint)Math.Max(offset, Alignment);
    }

    public KvCacheSpec Spec { get; }
    public IBufferType BufferType => CpuBufferType.Instance;
    public nuint PageBytes { get; }

    public CpuKvLayer Layer(int layer) => _layers[layer];

    /// <summary>Why a layer cannot be kept, or null.</summary>
    public static string? Refusal(in KvLayerSpec layer)
        => !IsKvType(layer.KeyType) || !IsKvType(layer.ValueType)
            ? $"cpu keeps keys and values as {string.Join(", ", Types)}, not {layer.KeyType} and {layer.ValueType} (layer {layer.Layer})."
            : layer.Heads < 1 || layer.KeyWidth < 1 || layer.ValueWidth < 1
                ? $"Layer {layer.Layer} has {layer.Heads} KV heads of width {layer.KeyWidth} and {layer.ValueWidth}."
            : layer.KeyWidth % layer.KeyType.BlockLength() != 0 || layer.ValueWidth % layer.ValueType.BlockLength() != 0
                ? $"Heads of {layer.KeyWidth} and {layer.ValueWidth} elements are no whole number of {layer.KeyType} and {layer.ValueType} blocks (layer {layer.Layer}); use F16 for its cache."
                : null;

    /// <summary>Element types of a cache.</summary>
    public static IReadOnlyList<TensorType> Types { get; } = [TensorType.F32, TensorType.F16, TensorType.BF16, TensorType.Q8_0, TensorType.Q4_0];

    public static bool IsKvType(TensorType type) => Types.Contains(type);

    /// <summary>Bytes of an element of a type without blocks.</summary>
    public static int Size(TensorType type) => type == TensorType.F32 ? 4 : 2;

    public void Read(KvPageRef page, int layer, KvPart part, int firstCell, Span<byte> rows)
    {
        var place = Place(page, layer, part, firstCell, rows.Length, out var cells);
        fixed (byte* target = rows)
            Transfer(place, Layer(layer), part, firstCell, cells, target, write: false);
    }

    public void Write(KvPageRef page, int layer, KvPart part, int firstCell, ReadOnlySpan<byte> rows)
    {
        TensorAccess.CheckWritable(page.Buffer);
        var place = Place(page, layer, part, firstCell, rows.Length, out var cells);
        fixed (byte* source = rows)
            Transfer(place, Layer(layer), part, firstCell, cells, source, write: true);
    }

    public void Copy(KvPageRef source, KvPageRef destination)
    {
        TensorAccess.CheckWritable(destination.Buffer);
        Buffer.MemoryCopy(Start(source), Start(destination), PageBytes, PageBytes);
    }

    private byte* Place(KvPageRef page, int layer, KvPart part, int firstCell, int bytes, out int cells)
    {
        if (!_layers.TryGetValue(layer, out var entry))
            throw new ArgumentException($"Layer {layer} is not in this KV cache.", nameof(layer));
        var rowBytes = part == KvPart.Keys ? entry.Spec.KeyRowBytes : entry.Spec.ValueRowBytes;
        if (bytes % rowBytes != 0)
            throw new ArgumentException($"{bytes} bytes are not a whole number of cells of layer {layer} ({rowBytes} bytes each).", nameof(bytes));
        cells = (int)(bytes / rowBytes);
        if (firstCell < 0 || firstCell > PageTokens || cells > PageTokens - firstCell)
            throw new ArgumentException($"Cells {firstCell} to {(long)firstCell + cells} do not lie in a page of {PageTokens}.", nameof(firstCell));
        return Start(page);
    }

    private byte* Start(KvPageRef page)
    {
        TensorAccess.CheckBytes(page.Buffer, page.Offset, PageBytes);
        if (!page.Buffer.TryGetPointer(out var pointer))
            throw new ArgumentException($"The page does not lie in host memory ({page.Buffer.Type.Name}).", nameof(page));
        return (byte*)pointer + page.Offset;
    }

    // In bounds: cells lie in the page, the page in its buffer, and the rows hold cells × heads × width elements.
    private static void Transfer(byte* page, CpuKvLayer layer, KvPart part, int firstCell, int cells, byte* rows, bool write)
    {
        var keys = part == KvPart.Keys;
        var type = keys ? layer.Spec.KeyType : layer.Spec.ValueType;
        if (KvBlocks.IsBlockType(type))
        {
            TransferBlocks(page, layer, keys, type, firstCell, cells, rows, write);
            return;
        }
        var width = keys ? layer.Spec.KeyWidth : layer.Spec.ValueWidth;
        var size = Size(type);
        for (var cell = firstCell; cell < firstCell + cells; cell++)
            for (var head = 0; head < layer.Spec.Heads; head++)
            {
                var place = keys ? page + layer.KeyOffset(head) + (long)cell * size : page + layer.ValueOffset(head) + cell * layer.ValueRowBytes;
                var stride = keys ? PageTokens * size : size;
                for (var e = 0; e < width; e++, place += stride, rows += size)
                {
                    if (size == 4) { if (write) *(int*)place = *(int*)rows; else *(int*)rows = *(int*)place; }
                    else if (write) *(short*)place = *(short*)rows;
                    else *(short*)rows = *(short*)place;
                }
            }
    }

    private static void TransferBlocks(byte* page, CpuKvLayer layer, bool keys, TensorType type, int firstCell, int cells, byte* rows, bool write)
    {
        var width = keys ? layer.Spec.KeyWidth : layer.Spec.ValueWidth;
        var bytes = type.RowBytes(width);
        for (var cell = firstCell; cell < firstCell + cells; cell++)
            for (var head = 0; head < layer.Spec.Heads; head++, rows += bytes)
            {
                var values = page + layer.ValueOffset(head) + cell * layer.ValueRowBytes;
                if (!keys) Buffer.MemoryCopy(write ? rows : values, write ? values : rows, bytes, bytes);
                else if (write) KvBlocks.PutKeys(type, page + layer.KeyOffset(head), cell, rows, width);
                else KvBlocks.TakeKeys(type, page + layer.KeyOffset(head), cell, rows, width);
            }
    }

    private static long Align(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;
}
