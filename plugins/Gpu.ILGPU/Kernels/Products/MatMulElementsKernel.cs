using Hotplug.Gpu.Kernels.Products.Formats;
using ILGPU;

namespace Hotplug.Gpu.Kernels.Products;

/// <summary>
/// <c>W[k, m], x[k, n], b[m]? → y[m, n]</c> with plain weights, activations as they are, for many columns; the arguments are those of <see cref="MatVecElementsKernel"/>.
/// A group makes a <see cref="Tile"/> of outputs in steps of 32 elements of k. Any group size (256 is meant); shared memory 16 896 bytes.
/// </summary>
internal static class MatMulElementsKernel
{
    // Elements of a step.
    private const int Depth = 32;

    public static void Run<TFormat>(MatVecElementsKernel.Arguments a) where TFormat : unmanaged, IElementFormat
    {
        var format = default(TFormat);
        var weights = SharedMemory.Allocate<float>(Depth * Tile.Stride);
        var inputs = SharedMemory.Allocate<float>(Depth * Tile.Stride);

        var tile = Tile.Mine();
        var tileRows = Tile.Side * tile.RowLanes;
        var tileColumns = Tile.Side * tile.ColumnLanes;
        var across = (a.Columns + tileColumns - 1) / tileColumns;
        var work = (a.Rows + tileRows - 1) / tileRows * across;
        for (var unit = Grid.IdxX; unit < work; unit += Grid.DimX)
        {
            var firstRow = unit / across * tileRows;
            var firstColumn = unit % across * tileColumns;
            var y0 = default(Quad);
            var y1 = default(Quad);
            var y2 = default(Quad);
            var y3 = default(Quad);
            for (var start = 0; start < a.Width; start += Depth)
            {
                var depth = IntrinsicMath.Min(Depth, a.Width - start);
                // Lanes take neighbouring elements of a row first. Rows and columns that do not exist leave what was there: nobody keeps their sums.
                for (var i = Group.IdxX; i < tileRows * Depth; i += Group.DimX)
                {
                    var row = i / Depth;
                    var e = i % Depth;
                    if (firstRow + row >= a.Rows || e >= depth) continue;
                    weights[e * Tile.Stride + row] = format.Load(a.Weights, a.Start + (firstRow + row) * (long)a.Width + start + e);
                }
                for (var i = Group.IdxX; i < tileColumns * Depth; i += Group.DimX)
                {
                    var column = i / Depth;
                    var e = i % Depth;
                    if (firstColumn + column >= a.Columns || e >= depth) continue;
                    inputs[e * Tile.Stride + column] = a.Input[(firstColumn + column) * (long)a.Width + start + e];
                }
                Group.Barrier();
                for (var e = 0; e < depth; e++)
                {
                    var w = Quad.Load(weights, e * Tile.Stride + tile.RowLane, tile.RowLanes);
                    var x = Quad.Load(inputs, e * Tile.Stride + tile.ColumnLane, tile.ColumnLanes);
                    y0 = Quad.AddProduct(y0, w.A, x);
                    y1 = Quad.AddProduct(y1, w.B, x);
                    y2 = Quad.AddProduct(y2, w.C, x);
                    y3 = Quad.AddProduct(y3, w.D, x);
                }
                // The next step overwrites the tile.
                Group.Barrier();
            }
            var r = firstRow + tile.RowLane;
            var c = firstColumn + tile.ColumnLane;
            tile.Store(a.Output, a.Bias, a.HasBias, r, a.Rows, c, a.Columns, y0);
            tile.Store(a.Output, a.Bias, a.HasBias, r + tile.RowLanes, a.Rows, c, a.Columns, y1);
            tile.Store(a.Output, a.Bias, a.HasBias, r + 2 * tile.RowLanes, a.Rows, c, a.Columns, y2);
            tile.Store(a.Output, a.Bias, a.HasBias, r + 3 * tile.RowLanes, a.Rows, c, a.Columns, y3);
        }
    }
}
