using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Cpu.Memory;

namespace Hotplug.Cpu.KvCache;

/// <summary>
/// Pages of <see cref="PageTokens"/> cells. Layers one behind the other; per layer the keys of each head as <c>[element][cell]</c>, so that
/// scores of neighbouring cells are lanes of one register, then the values of each head as <c>[cell][element]</c>, rows padded to sixteen elements.
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
            var keyHeadBytes = Align((long)layer.KeyWidth * PageTokens * Size(layer.KeyType));
            var valueStride = (layer.ValueWidth + 15) / 16 * 16;
            var valueHeadBytes = Align((long)valueStride * PageTokens * Size(layer.ValueType));
            _layers.Add(layer.Layer, new CpuKvLayer(layer, offset, keyHeadBytes, offset + keyHeadBytes * layer.Heads, valueHeadBytes, valueStride));
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
            ? $"cpu keeps keys and values as F32, F16 or BF16, not {layer.KeyType} and {layer.ValueType} (layer {layer.Layer})."
            : layer.Heads < 1 || layer.KeyWidth < 1 || layer.ValueWidth < 1
                ? $"Layer {layer.Layer} has {layer.Heads} KV heads of width {layer.KeyWidth} and {layer.ValueWidth}."
                : null;

    public static bool IsKvType(TensorType type) => type is TensorType.F32 or TensorType.F16 or TensorType.BF16;

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
        var width = keys ? layer.Spec.KeyWidth : layer.Spec.ValueWidth;
        var size = Size(keys ? layer.Spec.KeyType : layer.Spec.ValueType);
        for (var cell = firstCell; cell < firstCell + cells; cell++)
            for (var head = 0; head < layer.Spec.Heads; head++)
            {
                var place = keys ? page + layer.KeyOffset(head) + (long)cell * size : page + layer.ValueOffset(head) + (long)cell * layer.ValueStride * size;
                var stride = keys ? PageTokens * size : size;
                for (var e = 0; e < width; e++, place += stride, rows += size)
                {
                    if (size == 4) { if (write) *(int*)place = *(int*)rows; else *(int*)rows = *(int*)place; }
                    else if (write) *(short*)place = *(short*)rows;
                    else *(short*)rows = *(short*)place;
                }
            }
    }

    private static long Align(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;
}
