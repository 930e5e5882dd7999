using Hotplug.Gpu.Kernels.Products.Formats;
using ILGPU;

namespace Hotplug.Gpu.Kernels.Products;

/// <summary>
/// As <see cref="MatVecKernel"/>, with its arguments and, per output, its bits, for two to eight columns: a group makes two rows of four columns, so the weights are read
/// once per four columns. Any group size; shared memory: four floats for each of 256 lanes.
/// </summary>
internal static class MatVecColumnsKernel
{
    /// <summary>Rows and columns of a unit of work.</summary>
    public const int RowsPerUnit = 2, ColumnsPerUnit = 4;

    /// <summary>Units of work, of which each group takes every so many.</summary>
    public static int Work(int rows, int columns)
        => checked((rows + RowsPerUnit - 1) / RowsPerUnit * ((columns + ColumnsPerUnit - 1) / ColumnsPerUnit));

    public static void Run<TFormat>(MatVecKernel.Arguments a) where TFormat : unmanaged, IQuantFormat
    {
        var format = default(TFormat);
        var shared = SharedMemory.Allocate<float>(4 * GroupSum.MaxLanes);
        var rowUnits = (a.Rows + RowsPerUnit - 1) / RowsPerUnit;
        var work = rowUnits * ((a.Columns + ColumnsPerUnit - 1) / ColumnsPerUnit);
        var columnWords = a.Units * 10L;
        for (var unit = Grid.IdxX; unit < work; unit += Grid.DimX)
        {
            var tile = unit / rowUnits;
            var row = (unit - tile * rowUnits) * RowsPerUnit;
            var column = tile * ColumnsPerUnit;
            // Rows and columns behind the last are the last once more; nobody keeps the result.
            var row0 = a.Start + row * a.RowWords;
            var row1 = a.Start + IntrinsicMath.Min(row + 1, a.Rows - 1) * a.RowWords;
            var x0 = column * columnWords;
            var x1 = IntrinsicMath.Min(column + 1, a.Columns - 1) * columnWords;
            var x2 = IntrinsicMath.Min(column + 2, a.Columns - 1) * columnWords;
            var x3 = IntrinsicMath.Min(column + 3, a.Columns - 1) * columnWords;
            var first = default(Quad);
            var second = default(Quad);
            for (var i = Group.IdxX; i < a.Units; i += Group.DimX)
            {
                var w0 = format.Load(a.Weights, row0, a.Units, i);
                var w1 = format.Load(a.Weights, row1, a.Units, i);
                var x = Activations.Load(a.Input, x0, a.Units, i);
                first.A = QuantProducts.Add<TFormat>(first.A, w0, x);
                second.A = QuantProducts.Add<TFormat>(second.A, w1, x);
                x = Activations.Load(a.Input, x1, a.Units, i);
                first.B = QuantProducts.Add<TFormat>(first.B, w0, x);
                second.B = QuantProducts.Add<TFormat>(second.B, w1, x);
                x = Activations.Load(a.Input, x2, a.Units, i);
                first.C = QuantProducts.Add<TFormat>(first.C, w0, x);
                second.C = QuantProducts.Add<TFormat>(second.C, w1, x);
                x = Activations.Load(a.Input, x3, a.Units, i);
                first.D = QuantProducts.Add<TFormat>(first.D, w0, x);
                second.D = QuantProducts.Add<TFormat>(second.D, w1, x);
            }
            ColumnOutputs.Store(a.Output, a.Bias, a.HasBias, row, a.Rows, column, a.Columns, Quad.GroupAdd(shared, first));
            ColumnOutputs.Store(a.Output, a.Bias, a.HasBias, row + 1, a.Rows, column, a.Columns, Quad.GroupAdd(shared, second));
        }
    }
}
