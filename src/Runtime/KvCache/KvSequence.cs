using Hotplug.Abstractions.KvCache;

namespace Hotplug.Runtime.KvCache;

/// <summary>
/// What the devices remember of one sequence: a cache only, which can be made again from the tokens at any time. Not thread-safe. Dispose it to give its pages back.
/// </summary>
public sealed class KvSequence : IDisposable
{
    private readonly PagedKvCache _cache;
    private readonly PageTable[] _tables;
    // Cells that did not come along when it arrived, of layers that keep more here than where it came from.
    private int _arrivalFloor;
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
    public KvShape Shape => new() { Layers = _cache.Layers, Length = Length, FirstPosition = FirstPosition, FirstCells = FirstCells() };

    /// <summary>The shortest length to which it can be cut with cells left.</summary>
    public int Floor
    {
        get
        {
            var floor = _arrivalFloor;
            foreach (var table in _tables) floor = Math.Max(floor, table.Floor);
            return floor;
        }
    }

    internal ReadOnlySpan<PageTable> Tables => _tables;

    internal bool BelongsTo(PagedKvCache cache) => ReferenceEquals(cache, _cache);

    /// <summary>
    /// Forgets all cells from <paramref name="length"/> on. Where a layer keeps its window only and has given back cells that a token there would see, all cells are forgotten: ask for
    /// <see cref="Length"/> behind it, and evaluate from there.
    /// </summary>
    public void Truncate(int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        if (length < Floor) length = 0;
        foreach (var table in _tables) table.Truncate(length);
        Length = length;
        if (length == 0) (FirstPosition, _arrivalFloor) = (0, 0);
    }

    /// <summary>
    /// A sequence that begins with the same cells and shares their pages; whoever writes a shared page first gets a copy of it. It is empty where <see cref="Truncate"/> to this length would
    /// forget all cells.
    /// </summary>
    /// <param name="length">Cells to share, at most <see cref="Length"/>.</param>
    public KvSequence Fork(int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length, nameof(length));
        if (length < Floor) return new KvSequence(_cache);
        var fork = new KvSequence(_cache) { _arrivalFloor = _arrivalFloor, Length = length, FirstPosition = FirstPosition };
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
        if (Length == 0)
            foreach (var table in _tables) table.BeginFor(cells);
        Reserve(cells);
        if (Length == 0) FirstPosition = firstPosition;
        Commit(cells);
    }

    /// <summary>Makes room in an empty sequence for cells that come from elsewhere, in layers that look back on a window perhaps without the first ones.</summary>
    /// <returns>Per layer the first cell that is to be written; those between its beginning here and there are cleared.</returns>
    /// <exception cref="KvMismatchException">Cells are missing that a layer needs; nothing has changed.</exception>
    /// <exception cref="KvCacheFullException">There is no room; nothing has changed.</exception>
    internal int[] Arrive(KvShape shape)
    {
        foreach (var (layer, first) in shape.Layers.Select((l, i) => (l.Layer, shape.FirstCell(i))))
            if (first > 0 && first > Math.Max(0, shape.Length - (_cache.WindowOf(layer) is > 0 and var window ? window - 1 : shape.Length)))
                throw new KvMismatchException($"The cells of layer {layer} begin at {first} of {shape.Length}, and the layer looks back further.");
        Extend(shape.Length, shape.FirstPosition);
        var here = FirstCells();
        var starts = new int[shape.Layers.Count];
        for (var i = 0; i < starts.Length; i++)
        {
            var (there, own) = (shape.FirstCell(i), here.Count == 0 ? 0 : here[i]);
            starts[i] = Math.Max(there, own);
            if (there <= own) continue;
            // Nothing sees these cells, but what a kernel reads to leave it out has to be a number.
            var layer = shape.Layers[i].Layer;
            var spec = _cache.Layers[i];
            _arrivalFloor = Math.Max(_arrivalFloor, there + _cache.WindowOf(layer) - 1);
            if (spec.KeyRowBytes > 0) Write(layer, KvPart.Keys, own, new byte[(there - own) * spec.KeyRowBytes]);
            if (spec.ValueRowBytes > 0) Write(layer, KvPart.Values, own, new byte[(there - own) * spec.ValueRowBytes]);
        }
        return starts;
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

    /// <summary>Per layer the first cell that is kept; empty if all are.</summary>
    private IReadOnlyList<int> FirstCells()
    {
        if (!Array.Exists(_tables, t => t.FirstCell > 0)) return [];
        return [.. _cache.Layers.Select(l => _tables.First(t => t.Device.Layout.Spec.Layers.Any(s => s.Layer == l.Layer)).FirstCell)];
    }

    private delegate void PageVisitor(IKvLayout layout, KvPageRef page, int cell, int at, int length);

    private void Visit(int layer, KvPart part, int firstCell, int bytes, PageVisitor visitor)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var table = _tables.FirstOrDefault(t => t.Device.Layout.Spec.Layers.Any(l => l.Layer == layer))
            ?? throw new ArgumentOutOfRangeException(nameof(layer), layer, "No device keeps this layer.");
        var spec = table.Device.Layout.Spec.Layer(layer);
        var rowBytes = (int)(part == KvPart.Keys ? spec.KeyRowBytes : spec.ValueRowBytes);
        if (bytes % rowBytes != 0 || firstCell < table.FirstCell || firstCell + bytes / rowBytes > Length)
            throw new ArgumentException($"{bytes} bytes from cell {firstCell} on are not whole cells ({rowBytes} bytes each) of a sequence that has cells {table.FirstCell} to {Length}.");
        table.Device.Lane.Run(() =>
        {
            var tokens = table.Device.PageTokens;
            for (int cell = firstCell, at = 0; at < bytes;)
            {
                var count = Math.Min(tokens - cell % tokens, (bytes - at) / rowBytes);
                visitor(table.Device.Layout, table.Device.Pool.Locate(table.PageOf(cell)), cell % tokens, at, count * rowBytes);
                cell += count;
                at += count * rowBytes;
            }
        });
    }
}
