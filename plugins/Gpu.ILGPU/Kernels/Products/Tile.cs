using ILGPU;

namespace Hotplug.Gpu.Kernels.Products;

/// <summary>
/// How a group of a power of two of lanes covers a tile of outputs: R × C lanes with R ≥ C, both at most sixteen, and 4 × 4 outputs per lane. Lane l makes rows
/// l mod R + {0, R, 2R, 3R} and columns l / R + {0, C, 2C, 3C} of the tile, so lanes of a row of outputs write to neighbouring addresses and read
/// neighbouring words of shared memory.
/// </summary>
internal struct Tile
{
    /// <summary>Rows and columns of outputs of a lane.</summary>
    public const int Side = 4;

    /// <summary>
    /// Elements between the rows of a tile in shared memory: 64 and two more, which puts what four lanes write at once, rows 4 words or units apart, into
    /// different banks.
    /// </summary>
    public const int Stride = 4 * 16 + 2;

    public int RowLanes, ColumnLanes, RowLane, ColumnLane;

    /// <summary>The tile of this lane's group.</summary>
    public static Tile Mine()
    {
        Tile tile;
        tile.RowLanes = 1;
        while (tile.RowLanes * tile.RowLanes < Group.DimX) tile.RowLanes *= 2;
        tile.ColumnLanes = Group.DimX / tile.RowLanes;
        tile.ColumnLane = Group.IdxX / tile.RowLanes;
        tile.RowLane = Group.IdxX - tile.ColumnLane * tile.RowLanes;
        return tile;
    }

    /// <summary>Tiles that a matrix of outputs needs with groups of <paramref name="lanes"/> lanes (host side).</summary>
    public static int Count(int rows, int columns, int lanes)
    {
        var side = 1;
        while (side * side < lanes) side *= 2;
        int tileRows = Side * side, tileColumns = Side * (lanes / side);
        return checked((rows + tileRows - 1) / tileRows * ((columns + tileColumns - 1) / tileColumns));
    }

    /// <summary>Writes this lane's outputs of one row, as far as they exist, columns <see cref="ColumnLanes"/> apart.</summary>
    public readonly void Store(ArrayView<float> output, ArrayView<float> bias, int hasBias, int row, int rows, int column, int columns, Quad sums)
    {
        if (row >= rows) return;
        var add = hasBias != 0 ? bias[row] : 0f;
        StoreOne(output, hasBias, add, row, rows, column, columns, sums.A);
        StoreOne(output, hasBias, add, row, rows, column + ColumnLanes, columns, sums.B);
        StoreOne(output, hasBias, add, row, rows, column + 2 * ColumnLanes, columns, sums.C);
        StoreOne(output, hasBias, add, row, rows, column + 3 * ColumnLanes, columns, sums.D);
    }

    private static void StoreOne(ArrayView<float> output, int hasBias, float add, int row, int rows, int column, int columns, float sum)
    {
        if (column < columns) output[(long)column * rows + row] = hasBias != 0 ? sum + add : sum;
    }
}
