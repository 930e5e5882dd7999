using Hotplug.Abstractions.KvCache;

namespace Hotplug.Runtime.KvCache;

/// <summary>
/// What the devices remember of one sequence: a cache only, which can be made again from the tokens at any time. Not thread-safe. Dispose it to give its pages back.
/// </summary>
public sealed class KvSequence : IDisposable
{
    private readonly PagedKvCache _cache;
    private readonly PageTable[] _tables;
    private bool _disposed;

    internal KvSequence(PagedKvCache cache)
    {
        _cache = cache;
        _tables = [.. cache.Devices.Select(d => new PageTable(d))];
    }

    /// <summary>Cells in the cache.</summary>
    public int Length { get; private set; }

    /// <summary>Position of the first cell.</summary>
    public int FirstPosition { get; private set; }

    /// <summary>What its cells are now, in the neutral form.</summary>
    public KvShape Shape => new() { Layers = _cache.Layers, Length = Length, FirstPosition = FirstPosition };

    internal ReadOnlySpan<PageTable> Tables => _tables;

    internal bool BelongsTo(PagedKvCache cache) => ReferenceEquals(cache, _cache);

    /// <summary>Forgets all cells from <paramref name="length"/> on.</summary>
    public void Truncate(int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        foreach (var table in _tables) table.Truncate(length);
        Length = length;
        if (length == 0) FirstPosition = 0;
    }

    /// <summary>A sequence that begins with the same cells and shares their pages; whoever writes a shared page first gets a copy of it.</summary>
    /// <param name="length">Cells to share, at most <see cref="Length"/>.</param>
    public KvSequence Fork(int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length, nameof(length));
        var fork = new KvSequence(_cache) { Length = length, FirstPosition = FirstPosition };
        for (var i = 0; i < _tables.Length; i++) fork._tables[i].ShareFrom(_tables[i], length);
        return fork;
    }

    /// <summary>Reads cells of a layer in the neutral form <c>[position][head][element]</c>.</summary>
    /// <param name="layer">Layer number.</param>
    /// <param name="part">Keys or values.</param>
    /// <param name="firstCell">First cell.</param>
    /// <param name="rows">Room for a whole number of cells.</param>
    public void Read(int layer, KvPart part, int firstCell, Memory<byte> rows)
        => Visit(layer, part, firstCell, rows.Length, (layout, page, cell, at, length) => layout.Read(page, layer, part, cell, rows.Span.Slice(at, length)));

    /// <summary>Writes cells of a layer in the neutral form, below <see cref="Length"/>; see <see cref="Extend"/>.</summary>
    /// <param name="layer">Layer number.</param>
    /// <param name="part">Keys or values.</param>
    /// <param name="firstCell">First cell.</param>
    /// <param name="rows">A whole number of cells.</param>
    public void Write(int layer, KvPart part, int firstCell, ReadOnlyMemory<byte> rows)
        => Visit(layer, part, firstCell, rows.Length, (layout, page, cell, at, length) => layout.Write(page, layer, part, cell, rows.Span.Slice(at, length)));

    /// <summary>Adds cells that are about to be written by <see cref="Write"/>, as when a sequence arrives from elsewhere.</summary>
    /// <param name="cells">How many.</param>
    /// <param name="firstPosition">Position of the first cell, if the sequence is empty; otherwise it stays as it is.</param>
    /// <exception cref="KvCacheFullException">There is no room; nothing has changed.</exception>
    public void Extend(int cells, int firstPosition = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cells);
        ArgumentOutOfRangeException.ThrowIfNegative(firstPosition);
        Reserve(cells);
        if (Length == 0) FirstPosition = firstPosition;
        Commit(cells);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        foreach (var table in _tables) table.Truncate(0);
        _disposed = true;
    }

    /// <summary>Makes room for <paramref name="cells"/> more cells on every device, or on none.</summary>
    internal void Reserve(int cells)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        try
        {
            foreach (var table in _tables) table.Reserve(Length, Length + cells);
        }
        catch
        {
            foreach (var table in _tables) table.Truncate(Length);
            throw;
        }
    }

    /// <summary>Counts cells that a step has written.</summary>
    internal void Commit(int cells) => Length += cells;

    private delegate void PageVisitor(IKvLayout layout, KvPageRef page, int cell, int at, int length);

    private void Visit(int layer, KvPart part, int firstCell, int bytes, PageVisitor visitor)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var table = _tables.FirstOrDefault(t => t.Device.Layout.Spec.Layers.Any(l => l.Layer == layer))
            ?? throw new ArgumentOutOfRangeException(nameof(layer), layer, "No device keeps this layer.");
        var spec = table.Device.Layout.Spec.Layer(layer);
        var rowBytes = (int)(part == KvPart.Keys ? spec.KeyRowBytes : spec.ValueRowBytes);
        if (bytes % rowBytes != 0 || firstCell < 0 || firstCell + bytes / rowBytes > Length)
            throw new ArgumentException($"{bytes} bytes from cell {firstCell} on are not whole cells ({rowBytes} bytes each) of a sequence of {Length}.");
        table.Device.Lane.Run(() =>
        {
            var tokens = table.Device.PageTokens;
            for (int cell = firstCell, at = 0; at < bytes;)
            {
                var count = Math.Min(tokens - cell % tokens, (bytes - at) / rowBytes);
                visitor(table.Device.Layout, table.Device.Pool.Locate(table.Pages[cell / tokens]), cell % tokens, at, count * rowBytes);
                cell += count;
                at += count * rowBytes;
            }
        });
    }
}
