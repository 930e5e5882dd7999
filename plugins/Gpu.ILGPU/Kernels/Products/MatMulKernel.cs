using Hotplug.Gpu.Kernels.Products.Formats;
using ILGPU;

namespace Hotplug.Gpu.Kernels.Products;

/// <summary>
/// <c>W[k, m], x[k, n], b[m]? → y[m, n]</c> with packed weights and quantised activations, for many columns; the arguments are those of <see cref="MatVecKernel"/>.
/// A group makes a <see cref="Tile"/> of outputs, with 256 lanes 64 × 64. Per step of 64 elements of k it decodes the weights of the tile once into shared memory, takes the codes of the
/// activations there too, and every lane adds 16 × 64 products from it: two dot products per word, coarse and
/// fine. Sums per unit are exact; units are added in order.
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
                    IntQuad.Store(weights, at, Tile.Stride, QuantUnit.Centre(w.Codes, format.Zero));
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
                    IntQuad.Store(coarse, at, Tile.Stride, x.Coarse);
                    IntQuad.Store(fine, at, Tile.Stride, x.Fine);
                    steps[u * Tile.Stride + column] = x.Step;
                    if (format.HasOffset) totals[u * Tile.Stride + column] = x.Step * x.Sum;
                }
                Group.Barrier();
                for (var u = 0; u < depth; u++)
                {
                    var word = 4 * u * Tile.Stride;
                    var line = u * Tile.Stride;
                    var r = tile.RowLane;
                    var w0 = IntQuad.Load(weights, word + r, Tile.Stride);
                    var w1 = IntQuad.Load(weights, word + r + tile.RowLanes, Tile.Stride);
                    var w2 = IntQuad.Load(weights, word + r + 2 * tile.RowLanes, Tile.Stride);
                    var w3 = IntQuad.Load(weights, word + r + 3 * tile.RowLanes, Tile.Stride);
                    var scale = Quad.Load(scales, line + r, tile.RowLanes);
                    var c = tile.ColumnLane;
                    y0 = Add(y0, w0, w1, w2, w3, scale, coarse, fine, word + c, steps[line + c]);
                    c += tile.ColumnLanes;
                    y1 = Add(y1, w0, w1, w2, w3, scale, coarse, fine, word + c, steps[line + c]);
                    c += tile.ColumnLanes;
                    y2 = Add(y2, w0, w1, w2, w3, scale, coarse, fine, word + c, steps[line + c]);
                    c += tile.ColumnLanes;
                    y3 = Add(y3, w0, w1, w2, w3, scale, coarse, fine, word + c, steps[line + c]);
                    if (format.HasOffset)
                    {
                        var offset = Quad.Load(offsets, line + r, tile.RowLanes);
                        var total = Quad.Load(totals, line + tile.ColumnLane, tile.ColumnLanes);
                        y0 = Quad.AddProduct(y0, total.A, offset);
                        y1 = Quad.AddProduct(y1, total.B, offset);
                        y2 = Quad.AddProduct(y2, total.C, offset);
                        y3 = Quad.AddProduct(y3, total.D, offset);
                    }
                }
                // The next step overwrites the tile.
                Group.Barrier();
            }
            var top = firstRow + tile.RowLane;
            var left = firstColumn + tile.ColumnLane;
            tile.Store(a.Output, a.Bias, a.HasBias, top, a.Rows, left, a.Columns, y0);
            tile.Store(a.Output, a.Bias, a.HasBias, top, a.Rows, left + tile.ColumnLanes, a.Columns, y1);
            tile.Store(a.Output, a.Bias, a.HasBias, top, a.Rows, left + 2 * tile.ColumnLanes, a.Columns, y2);
            tile.Store(a.Output, a.Bias, a.HasBias, top, a.Rows, left + 3 * tile.ColumnLanes, a.Columns, y3);
        }
    }

    // Adds a unit of four rows to their products with the column whose codes begin at word at.
    private static Quad Add(Quad sum, IntQuad w0, IntQuad w1, IntQuad w2, IntQuad w3, Quad scales, ArrayView<int> coarse, ArrayView<int> fine, int at,
        float step)
    {
        var high = IntQuad.Load(coarse, at, Tile.Stride);
        var low = IntQuad.Load(fine, at, Tile.Stride);
        // The scale comes last: with a small step, scale · step could vanish.
        sum.A += scales.A * (step * QuantProducts.Product(w0, high, low));
        sum.B += scales.B * (step * QuantProducts.Product(w1, high, low));
        sum.C += scales.C * (step * QuantProducts.Product(w2, high, low));
        sum.D += scales.D * (step * QuantProducts.Product(w3, high, low));
        return sum;
    }
}
