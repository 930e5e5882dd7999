using Hotplug.Gpu.Kernels.Products.Formats;
using ILGPU;

namespace Hotplug.Gpu.Kernels.Products;

/// <summary>
/// <c>W[k, m], x[k, n], b[m]? → y[m, n]</c> with packed weights and quantised activations, for one column (or few: each reads the weights anew). A group makes four rows
/// of a column: its lanes stride over the units of the rows and share one reduction. Any group size; shared memory: four floats for each of 256 lanes.
/// </summary>
internal static class MatVecKernel
{
    /// <summary>Rows of a unit of work.</summary>
    public const int RowsPerUnit = 4;

    internal struct Arguments
    {
        /// <summary>Packed weights.</summary>
        public ArrayView<int> Weights;
        /// <summary>Quantised activations, n rows.</summary>
        public ArrayView<int> Input;
        /// <summary>m floats; not read without <see cref="HasBias"/>.</summary>
        public ArrayView<float> Bias;
        /// <summary>n rows of m.</summary>
        public ArrayView<float> Output;
        /// <summary>First word of the tensor in <see cref="Weights"/>.</summary>
        public long Start;
        /// <summary>Words of a packed row, padding included.</summary>
        public long RowWords;
        /// <summary>Units of sixteen elements of a row: k / 16.</summary>
        public int Units;
        /// <summary>Rows of the matrix: m.</summary>
        public int Rows;
        /// <summary>Columns: n.</summary>
        public int Columns;
        /// <summary>Other than 0 if there is a bias.</summary>
        public int HasBias;
    }

    /// <summary>Units of work, of which each group takes every so many.</summary>
    public static int Work(int rows, int columns) => checked((rows + RowsPerUnit - 1) / RowsPerUnit * columns);

    public static void Run<TFormat>(Arguments a) where TFormat : unmanaged, IQuantFormat
    {
        var shared = SharedMemory.Allocate<float>(4 * GroupSum.MaxLanes);
        var rowUnits = (a.Rows + RowsPerUnit - 1) / RowsPerUnit;
        var work = rowUnits * a.Columns;
        for (var unit = Grid.IdxX; unit < work; unit += Grid.DimX)
        {
            var column = unit / rowUnits;
            var row = (unit - column * rowUnits) * RowsPerUnit;
            // Rows behind the last are the last once more; nobody keeps the result.
            var last = a.Rows - 1;
            var partial = QuantProducts.OfRows<TFormat>(a.Weights,
                a.Start + row * a.RowWords,
                a.Start + IntrinsicMath.Min(row + 1, last) * a.RowWords,
                a.Start + IntrinsicMath.Min(row + 2, last) * a.RowWords,
                a.Start + IntrinsicMath.Min(row + 3, last) * a.RowWords,
                a.Input, (long)column * a.Units * 10, a.Units);
            RowOutputs.Store(a.Output, (long)column * a.Rows, a.Bias, 0, a.HasBias, row, a.Rows, Quad.GroupAdd(shared, partial));
        }
    }
}
