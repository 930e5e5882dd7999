using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.FarMemory.Faults;
using Hotplug.FarMemory.Memory;

namespace Hotplug.FarMemory.KvCache;

/// <summary>Pages as <c>[layer][keys, values][head][element][position]</c>: the transpose of the neutral form.</summary>
internal sealed class FarKvLayout : IKvLayout
{
    private readonly FarDevice _device;
    private readonly Dictionary<(int Layer, KvPart Part), FarKvPart> _parts = [];

    /// <exception cref="UnsupportedException">The device cannot hold such a cache.</exception>
    public FarKvLayout(FarDevice device, KvCacheSpec spec)
    {
        (_device, Spec) = (device, spec);
        if (device.WhyNotCache(spec) is { } reason) throw new UnsupportedException(reason);
        var bytes = 0L;
        foreach (var layer in spec.Layers)
        {
            Add(layer.Layer, KvPart.Keys, layer.KeyType, layer.KeyWidth, layer.Heads);
            Add(layer.Layer, KvPart.Values, layer.ValueType, layer.ValueWidth, layer.Heads);
        }
        PageBytes = Math.Max((nuint)bytes, BufferType.TensorAlignment);

        void Add(int layer, KvPart part, TensorType type, int width, int heads)
        {
            var entry = new FarKvPart((int)bytes, type, type.BlockBytes(), width, heads, spec.PageTokens);
            _parts.Add((layer, part), entry);
            // Sixteen bytes behind each part that nobody writes.
            bytes = (bytes + entry.Bytes + 16 + (long)BufferType.TensorAlignment - 1) & -(long)BufferType.TensorAlignment;
        }
    }

    public KvCacheSpec Spec { get; }

    public IBufferType BufferType => _device.Plain;

    public nuint PageBytes { get; }

    /// <summary>Upper bound of the bytes of a page.</summary>
    public static long BytesOf(KvCacheSpec spec, long alignment)
    {
        var bytes = 0L;
        foreach (var layer in spec.Layers) bytes += (layer.KeyRowBytes + layer.ValueRowBytes) * spec.PageTokens + 2 * (16 + alignment);
        return bytes;
    }

    /// <summary>Where the keys or values of a layer lie in a page.</summary>
    public FarKvPart Part(int layer, KvPart part) => _parts.TryGetValue((layer, part), out var entry)
        ? entry
        : throw new ArgumentException($"Layer {layer} is not in this KV cache.", nameof(layer));

    public void Read(KvPageRef page, int layer, KvPart part, int firstCell, Span<byte> rows)
    {
        if (_device.Settings.Faults.At(FarCall.KvRead))
        {
            rows.Fill(0xFF);
            return;
        }
        var (entry, cells) = Check(page, layer, part, firstCell, rows.Length);
        lock (_device.Queue.Gate)
        {
            _device.Settle();
            var memory = Memory(page);
            for (var cell = 0; cell < cells; cell++)
                for (var n = 0; n < entry.Width * entry.Heads; n++)
                    memory.Slice(entry.Place(n, firstCell + cell), entry.ElementBytes).CopyTo(rows[((cell * entry.Width * entry.Heads + n) * entry.ElementBytes)..]);
        }
    }

    public void Write(KvPageRef page, int layer, KvPart part, int firstCell, ReadOnlySpan<byte> rows)
    {
        _device.Settings.Faults.At(FarCall.KvWrite);
        var (entry, cells) = Check(page, layer, part, firstCell, rows.Length);
        lock (_device.Queue.Gate)
        {
            _device.Settle();
            var memory = Memory(page);
            for (var cell = 0; cell < cells; cell++)
                for (var n = 0; n < entry.Width * entry.Heads; n++)
                    rows.Slice((cell * entry.Width * entry.Heads + n) * entry.ElementBytes, entry.ElementBytes).CopyTo(memory[entry.Place(n, firstCell + cell)..]);
        }
    }

    public void Copy(KvPageRef source, KvPageRef destination)
    {
        _device.Settings.Faults.At(FarCall.KvCopy);
        CheckPage(source);
        CheckPage(destination);
        lock (_device.Queue.Gate)
        {
            _device.Settle();
            Memory(source).CopyTo(Memory(destination));
        }
    }

    /// <summary>The bytes of a page.</summary>
    public Span<byte> Memory(KvPageRef page) => ((FarBuffer)page.Buffer).Memory.AsSpan((int)page.Offset, (int)PageBytes);

    private (FarKvPart Part, int Cells) Check(KvPageRef page, int layer, KvPart part, int firstCell, int bytes)
    {
        CheckPage(page);
        var entry = Part(layer, part);
        var rowBytes = entry.Width * entry.Heads * entry.ElementBytes;
        if (rowBytes == 0 ? bytes != 0 : bytes % rowBytes != 0)
            throw new ArgumentException($"{bytes} bytes are not a whole number of cells of layer {layer} ({rowBytes} bytes each).", nameof(bytes));
        var cells = rowBytes == 0 ? 0 : bytes / rowBytes;
        if (firstCell < 0 || firstCell > Spec.PageTokens - cells)
            throw new ArgumentException($"Cells {firstCell} to {firstCell + cells} do not lie in a page of {Spec.PageTokens}.", nameof(firstCell));
        return (entry, cells);
    }

    private void CheckPage(KvPageRef page)
    {
        if (page.Buffer is not FarBuffer buffer || buffer.Device != _device || buffer.Type != BufferType)
            throw new ArgumentException($"The page does not lie in a buffer of {BufferType.Name} of this device.", nameof(page));
        if (page.Offset > buffer.Length || PageBytes > buffer.Length - page.Offset)
            throw new ArgumentException($"A page of {PageBytes} bytes at {page.Offset} does not lie in a buffer of {buffer.Length}.", nameof(page));
    }
}
