namespace Hotplug.Gpu.Kernels.Attention;

/// <summary>
/// How the work of attention is divided. A unit is a KV head, one part of the cells, and up to four pairs of a query row and a query head of that KV head: heads of one row
/// where a KV head has three query heads or more, else also the next rows of the sequence, so that each key and value read serves all of them.
/// </summary>
internal static class AttentionTiles
{
    /// <summary>Pairs of a unit.</summary>
    public const int Pairs = 4;

    /// <summary>Tiles that the query heads of one row and one KV head make.</summary>
    public static int PerRow(int queryHeadsPerHead) => (queryHeadsPerHead + Pairs - 1) / Pairs;

    /// <summary>Query heads of a row in a tile.</summary>
    public static int Members(int queryHeadsPerHead) => (queryHeadsPerHead + PerRow(queryHeadsPerHead) - 1) / PerRow(queryHeadsPerHead);

    /// <summary>Rows in a tile.</summary>
    public static int Rows(int queryHeadsPerHead) => queryHeadsPerHead >= Pairs ? 1 : Pairs / queryHeadsPerHead;

    /// <summary>
    /// Units of a launch. There is one for every row, though a tile of several rows is the work of the unit of its first row: the others, which have nothing
    /// to do, cost less than a table of tiles.
    /// </summary>
    public static int Units(int rows, int heads, int queryHeadsPerHead, int splits) => rows * PerRow(queryHeadsPerHead) * heads * splits;
}
