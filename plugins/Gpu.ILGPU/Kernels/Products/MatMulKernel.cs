using Hotplug.Gpu.Kernels.Products.Formats;
using ILGPU;

namespace Hotplug.Gpu.Kernels.Products;

/// <summary>
/// <c>W[k, m], x[k, n], b[m]? → y[m, n]</c> with packed weights and quantised activations, for many columns; the arguments are those of <see cref="MatVecKernel"/>.
/// A group makes a <see cref="Tile"/> of outputs, with 256 lanes 64 × 64. Per step of 64 elements of k it decodes the weights of the tile once into shared memory, takes the codes of the
/// activations there too, and every lane adds 16 × 64 products from it: two dot products per word, coarse and fine. Sums per unit are exact; units are added in order.
/// Any group size (256 is meant); shared memory 16 896 bytes.
/// </summary>
internal static class MatMulKernel
{
    // Units of a step.
    private const int Depth = 4;

    public static void Run<TFormat>(MatVecKernel.Arguments a) where TFormat : unmanaged, IQuantFormat
    {
        var format = default(TFormat);
        var weights = SharedMemory.Allocate<int>(4 * Depth * Tile.Stride);
        var coarse = SharedMemory.Allocate<int>(4 * Depth * Tile.Stride);
        var fine = SharedMemory.Allocate<int>(4 * Depth * Tile.Stride);
        var scales = SharedMemory.Allocate<float>(Depth * Tile.Stride);
        var offsets = SharedMemory.Allocate<float>(Depth * Tile.Stride);
        var steps = SharedMemory.Allocate<float>(Depth * Tile.Stride);
        var totals = SharedMemory.Allocate<float>(Depth * Tile.Stride);

        var tile = Tile.Mine();
        var tileRows = Tile.Side * tile.RowLanes;
        var tileColumns = Tile.Side * tile.ColumnLanes;
        // Tiles of the same weights follow each other: those are the larger matrix, and the cache keeps them for the next group.
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
            for (var start = 0; start < a.Units; start += Depth)
            {
                var depth = IntrinsicMath.Min(Depth, a.Units - start);
                // Lanes take neighbouring units of a row first. Rows and columns that do not exist leave what was there: nobody keeps their sums.
                for (var i = Group.IdxX; i < tileRows * Depth; i += Group.DimX)
                {
                    var row = i / Depth;
                    var u = i % Depth;
                    if (firstRow + row >= a.Rows || u >= depth) continue;
                    var w = format.Load(a.Weights, a.Start + (firstRow + row) * a.RowWords, a.Units, start + u);
                    var at = 4 * u * Tile.Stride + row;
                    weights[at] = QuantUnit.Centre(w.A, format.Zero);
                    weights[at + Tile.Stride] = QuantUnit.Centre(w.B, format.Zero);
                    weights[at + 2 * Tile.Stride] = QuantUnit.Centre(w.C, format.Zero);
                    weights[at + 3 * Tile.Stride] = QuantUnit.Centre(w.D, format.Zero);
                    scales[u * Tile.Stride + row] = w.Scale;
                    if (format.HasOffset) offsets[u * Tile.Stride + row] = w.Offset;
                }
                for (var i = Group.IdxX; i < tileColumns * Depth; i += Group.DimX)
                {
                    var column = i / Depth;
                    var u = i % Depth;
                    if (firstColumn + column >= a.Columns || u >= depth) continue;
                    var x = Activations.Load(a.Input, (firstColumn + column) * (a.Units * 10L), a.Units, start + u);
                    var at = 4 * u * Tile.Stride + column;
                    coarse[at] = x.Coarse.A;
                    coarse[at + Tile.Stride] = x.Coarse.B;
                    coarse[at + 2 * Tile.Stride] = x.Coarse.C;
                    coarse[at + 3 * Tile.Stride] = x.Coarse.D;
                    fine[at] = x.Fine.A;
                    fine[at + Tile.Stride] = x.Fine.B;
                    fine[at + 2 * Tile.Stride] = x.Fine.C;
                    fine[at + 3 * Tile.Stride] = x.Fine.D;
                    steps[u * Tile.Stride + column] = x.Step;
                    if (format.HasOffset) totals[u * Tile.Stride + column] = x.Step * x.Sum;
                }
                Group.Barrier();
                for (var u = 0; u < depth; u++)
                {
                    var c0 = default(IntQuad);
                    var c1 = default(IntQuad);
                    var c2 = default(IntQuad);
                    var c3 = default(IntQuad);
                    var f0 = default(IntQuad);
                    var f1 = default(IntQuad);
                    var f2 = default(IntQuad);
                    var f3 = default(IntQuad);
                    for (var j = 0; j < 4; j++)
                    {
                        var at = (4 * u + j) * Tile.Stride;
                        var w = IntQuad.Load(weights, at + tile.RowLane, tile.RowLanes);
                        var x = IntQuad.Load(coarse, at + tile.ColumnLane, tile.ColumnLanes);
                        c0 = IntQuad.AddDots(w.A, x, c0);
                        c1 = IntQuad.AddDots(w.B, x, c1);
                        c2 = IntQuad.AddDots(w.C, x, c2);
                        c3 = IntQuad.AddDots(w.D, x, c3);
                        x = IntQuad.Load(fine, at + tile.ColumnLane, tile.ColumnLanes);
                        f0 = IntQuad.AddDots(w.A, x, f0);
                        f1 = IntQuad.AddDots(w.B, x, f1);
                        f2 = IntQuad.AddDots(w.C, x, f2);
                        f3 = IntQuad.AddDots(w.D, x, f3);
                    }
                    var line = u * Tile.Stride;
                    var scale = Quad.Load(scales, line + tile.RowLane, tile.RowLanes);
                    var step = Quad.Load(steps, line + tile.ColumnLane, tile.ColumnLanes);
                    y0 = Add(y0, scale.A, step, c0, f0);
                    y1 = Add(y1, scale.B, step, c1, f1);
                    y2 = Add(y2, scale.C, step, c2, f2);
                    y3 = Add(y3, scale.D, step, c3, f3);
                    if (format.HasOffset)
                    {
                        var offset = Quad.Load(offsets, line + tile.RowLane, tile.RowLanes);
                        var total = Quad.Load(totals, line + tile.ColumnLane, tile.ColumnLanes);
                        y0 = Quad.AddProduct(y0, offset.A, total);
                        y1 = Quad.AddProduct(y1, offset.B, total);
                        y2 = Quad.AddProduct(y2, offset.C, total);
                        y3 = Quad.AddProduct(y3, offset.D, total);
                    }
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

    private static Quad Add(Quad sum, float scale, Quad steps, IntQuad coarse, IntQuad fine)
    {
        // The scale comes last: with a small step, scale · step could vanish.
        sum.A += scale * (steps.A * (Activations.Steps * coarse.A + fine.A));
        sum.B += scale * (steps.B * (Activations.Steps * coarse.B + fine.B));
        sum.C += scale * (steps.C * (Activations.Steps * coarse.C + fine.C));
        sum.D += scale * (steps.D * (Activations.Steps * coarse.D + fine.D));
        return sum;
    }
}
