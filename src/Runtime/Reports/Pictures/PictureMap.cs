namespace Hotplug.Runtime.Reports.Pictures;

/// <summary>A range of addresses laid out in rows, as a text is in lines.</summary>
/// <param name="length">Bytes of the range.</param>
/// <param name="left">Where rows begin.</param>
/// <param name="width">Width of a row.</param>
/// <param name="rows">Most rows.</param>
internal sealed class PictureMap(long length, double left, double width, int rows)
{
    private const long Page = 4096;

    /// <summary>Height of what is drawn of a row.</summary>
    public const double Cell = 16;

    /// <summary>From one row to the next.</summary>
    public const double Pitch = 26;

    /// <summary>Bytes of a row.</summary>
    public long RowBytes { get; } = Math.Max(Page, (Math.Max(length, 1) + rows * Page - 1) / (rows * Page) * Page);

    /// <summary>Number of rows.</summary>
    public int Rows => (int)((Math.Max(length, 1) + RowBytes - 1) / RowBytes);

    /// <summary>Height of all of them.</summary>
    public double Height => Rows * Pitch;

    /// <summary>Width of a number of bytes, were they in one row.</summary>
    public double WidthOf(long bytes) => bytes / (double)RowBytes * width;

    /// <summary>The pieces of a stretch of addresses, row by row.</summary>
    public IEnumerable<(int Row, double X, double Width)> Pieces(long start, long bytes)
    {
        for (var at = start; at < start + bytes;)
        {
            var row = at / RowBytes;
            var end = Math.Min(start + bytes, (row + 1) * RowBytes);
            yield return ((int)row, left + WidthOf(at - row * RowBytes), WidthOf(end - at));
            at = end;
        }
    }

    /// <summary>Width of the row: the last may be shorter.</summary>
    public double WidthOfRow(int row) => WidthOf(Math.Min(RowBytes, Math.Max(length, 1) - row * RowBytes));
}
