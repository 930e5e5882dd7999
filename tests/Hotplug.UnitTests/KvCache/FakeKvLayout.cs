using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;

namespace Hotplug.UnitTests.KvCache;

/// <summary>Pages whose bytes are stored mixed with a key of the layout and the page's number, so that bytes copied without the layout, or from another page, are wrong.</summary>
internal sealed unsafe class FakeKvLayout(KvCacheSpec spec, IBufferType type, byte key) : IKvLayout
{
    /// <summary>Called before each read and write; throws to make it fail.</summary>
    public Action<string>? OnCall { get; set; }

    public KvCacheSpec Spec => spec;

    public IBufferType BufferType => type;

    public nuint PageBytes => ((nuint)spec.Layers.Sum(l => (l.KeyRowBytes + l.ValueRowBytes) * spec.PageTokens) + 31) & ~(nuint)31;

    public void Read(KvPageRef page, int layer, KvPart part, int firstCell, Span<byte> rows)
    {
        OnCall?.Invoke("Read");
        var stored = Rows(page, layer, part, firstCell, rows.Length);
        for (var i = 0; i < rows.Length; i++) rows[i] = (byte)(stored[i] ^ key ^ (byte)(page.Offset / PageBytes));
    }

    public void Write(KvPageRef page, int layer, KvPart part, int firstCell, ReadOnlySpan<byte> rows)
    {
        OnCall?.Invoke("Write");
        var stored = Rows(page, layer, part, firstCell, rows.Length);
        for (var i = 0; i < rows.Length; i++) stored[i] = (byte)(rows[i] ^ key ^ (byte)(page.Offset / PageBytes));
    }

    public void Copy(KvPageRef source, KvPageRef destination) => throw new NotSupportedException();

    private Span<byte> Rows(KvPageRef page, int layer, KvPart part, int firstCell, int length)
    {
        long offset = 0;
        foreach (var other in spec.Layers)
        {
            if (other.Layer == layer)
            {
                var row = part == KvPart.Keys ? other.KeyRowBytes : other.ValueRowBytes;
                if (part == KvPart.Values) offset += other.KeyRowBytes * spec.PageTokens;
                if (firstCell * row + length > row * spec.PageTokens) throw new ArgumentException("The cells do not lie in the page.");
                return Page(page).Slice((int)(offset + firstCell * row), length);
            }
            offset += (other.KeyRowBytes + other.ValueRowBytes) * spec.PageTokens;
        }
        throw new KeyNotFoundException();
    }

    private Span<byte> Page(KvPageRef page)
        => page.Buffer.TryGetPointer(out var pointer) ? new((byte*)pointer + page.Offset, (int)PageBytes) : throw new InvalidOperationException("Not in host memory.");
}
