using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Accelerators.KvCache;

/// <summary>
/// Where the keys or the values of one layer lie in a page: keys as <c>[head][element][cell]</c>, so that lanes over cells read neighbours, values as
/// <c>[head][cell][element]</c>, so that lanes over elements do. Of 16-bit types two elements share a word of 32 bits, the first in its low half: keys of an
/// even and the next cell, values of an even and the next element, whose rows are padded to whole words. So no word is shared by two heads. Immutable.
/// </summary>
public sealed class KvPartLayout
{
    internal KvPartLayout(KvPart part, long offset, TensorType type, int heads, int width, int pageTokens)
    {
        (Part, Offset, Type, Heads, Width, PageTokens) = (part, offset, type, heads, width, pageTokens);
        ElementBytes = type == TensorType.F32 ? 4 : 2;
        var perWord = 4 / ElementBytes;
        Stride = part == KvPart.Keys ? pageTokens : (width + perWord - 1) / perWord * perWord;
    }

    /// <summary>Keys or values.</summary>
    public KvPart Part { get; }

    /// <summary>Bytes from the start of the page.</summary>
    public long Offset { get; }

    /// <summary>Element type.</summary>
    public TensorType Type { get; }

    /// <summary>Bytes of an element: 2 or 4.</summary>
    public int ElementBytes { get; }

    /// <summary>KV heads.</summary>
    public int Heads { get; }

    /// <summary>Elements per head and cell.</summary>
    public int Width { get; }

    /// <summary>Cells of a page.</summary>
    public int PageTokens { get; }

    /// <summary>Elements from one row to the next: of keys, from an element to the next (a page's cells); of values, from a cell to the next (the width, in whole words).</summary>
    public int Stride { get; }

    /// <summary>Bytes of the part in a page, padding of rows included; whole words.</summary>
    public long Bytes => (long)Heads * (Part == KvPart.Keys ? Width : PageTokens) * Stride * ElementBytes;

    /// <summary>Bytes of one cell in the neutral form, all heads.</summary>
    public long CellBytes => (long)Heads * Width * ElementBytes;

    /// <summary>Bytes from the start of the part to an element.</summary>
    public long Place(int head, int element, int cell)
        => (Part == KvPart.Keys ? ((long)head * Width + element) * Stride + cell : ((long)head * PageTokens + cell) * Stride + element) * ElementBytes;

    /// <summary>Reads a run of cells into the neutral form <c>[position][head][element]</c>.</summary>
    /// <param name="part">The part as it lies in a page: <see cref="Bytes"/> bytes.</param>
    /// <param name="firstCell">First cell in the page.</param>
    /// <param name="rows">Room for a whole number of cells.</param>
    /// <exception cref="ArgumentException">The cells do not lie in the page, or the part is too short.</exception>
    public void Gather(ReadOnlySpan<byte> part, int firstCell, Span<byte> rows)
    {
        var cells = Cells(firstCell, rows.Length, part.Length);
        var at = 0;
        for (var cell = firstCell; cell < firstCell + cells; cell++)
            for (var head = 0; head < Heads; head++)
            {
                if (Part == KvPart.Values)
                {
                    part.Slice((int)Place(head, 0, cell), Width * ElementBytes).CopyTo(rows[at..]);
                    at += Width * ElementBytes;
                    continue;
                }
                for (var element = 0; element < Width; element++, at += ElementBytes)
                    part.Slice((int)Place(head, element, cell), ElementBytes).CopyTo(rows[at..]);
            }
    }

    /// <summary>Writes a run of cells from the neutral form; other cells and padding stay as they are.</summary>
    /// <param name="rows">A whole number of cells.</param>
    /// <param name="firstCell">First cell in the page.</param>
    /// <param name="part">The part as it lies in a page: <see cref="Bytes"/> bytes.</param>
    /// <exception cref="ArgumentException">The cells do not lie in the page, or the part is too short.</exception>
    public void Scatter(ReadOnlySpan<byte> rows, int firstCell, Span<byte> part)
    {
        var cells = Cells(firstCell, rows.Length, part.Length);
        var at = 0;
        for (var cell = firstCell; cell < firstCell + cells; cell++)
            for (var head = 0; head < Heads; head++)
            {
                if (Part == KvPart.Values)
                {
                    rows.Slice(at, Width * ElementBytes).CopyTo(part[(int)Place(head, 0, cell)..]);
                    at += Width * ElementBytes;
                    continue;
                }
                for (var element = 0; element < Width; element++, at += ElementBytes)
                    rows.Slice(at, ElementBytes).CopyTo(part[(int)Place(head, element, cell)..]);
            }
    }

    /// <summary>The cells that <paramref name="rowBytes"/> bytes of the neutral form are.</summary>
    /// <exception cref="ArgumentException">No whole number, or they do not lie in the page.</exception>
    public int Cells(int firstCell, long rowBytes)
    {
        if (rowBytes % CellBytes != 0)
            throw new ArgumentException($"{rowBytes} bytes are not a whole number of cells ({CellBytes} bytes each).", nameof(rowBytes));
        var cells = rowBytes / CellBytes;
        if (firstCell < 0 || firstCell > PageTokens - cells)
            throw new ArgumentException($"Cells {firstCell} to {firstCell + cells} do not lie in a page of {PageTokens}.", nameof(firstCell));
        return (int)cells;
    }

    private int Cells(int firstCell, long rowBytes, long partBytes)
        => partBytes >= Bytes
            ? Cells(firstCell, rowBytes)
            : throw new ArgumentException($"{partBytes} bytes are less than the {Bytes} that these {(Part == KvPart.Keys ? "keys" : "values")} take in a page.", nameof(partBytes));
}
