using Hotplug.Gpu.Kernels.Products.Formats;
using ILGPU;

namespace Hotplug.Gpu.Kernels.Products;

/// <summary>
/// <c>W[k, m], x[k, n], b[m]? → y[m, n]</c> with plain weights, activations as they are, for one column (or few: each reads the weights anew). Rows are shared out as in
/// <see cref="MatVecKernel"/>, whose <see cref="MatVecKernel.Work"/> holds. Any group size; shared memory: four floats for each of 256 lanes.
/// </summary>
internal static class MatVecElementsKernel
{
    internal struct Arguments
    {
        /// <summary>Weights in the standard layout.</summary>
        public ArrayView<int> Weights;
        /// <summary>n rows of k.</summary>
        public ArrayView<float> Input;
        /// <summary>m floats; not read without <see cref="HasBias"/>.</summary>
        public ArrayView<float> Bias;
        /// <summary>n rows of m.</summary>
        public ArrayView<float> Output;
        /// <summary>Number of the tensor's first element, counted in elements from the start of <see cref="Weights"/>.</summary>
        public long Start;
        /// <summary>Elements of a row: k.</summary>
        public int Width;
        /// <summary>Rows of the matrix: m.</summary>
        public int Rows;
        /// <summary>Columns: n.</summary>
        public int Columns;
        /// <summary>Other than 0 if there is a bias.</summary>
        public int HasBias;
    }

    public static void Run<TFormat>(Arguments a) where TFormat : unmanaged, IElementFormat
    {
        var shared = SharedMemory.Allocate<float>(4 * GroupSum.MaxLanes);
        var rowUnits = (a.Rows + MatVecKernel.RowsPerUnit - 1) / MatVecKernel.RowsPerUnit;
        var work = rowUnits * a.Columns;
        for (var unit = Grid.IdxX; unit < work; unit += Grid.DimX)
        {
            var column = unit / rowUnits;
            var row = (unit - column * rowUnits) * MatVecKernel.RowsPerUnit;
            var last = a.Rows - 1;
            var partial = ElementProducts.OfRows<TFormat>(a.Weights,
                a.Start + row * (long)a.Width,
                a.Start + IntrinsicMath.Min(row + 1, last) * (long)a.Width,
                a.Start + IntrinsicMath.Min(row + 2, last) * (long)a.Width,
                a.Start + IntrinsicMath.Min(row + 3, last) * (long)a.Width,
                a.Input, (long)column * a.Width, a.Width);
            RowOutputs.Store(a.Output, (long)column * a.Rows, a.Bias, 0, a.HasBias, row, a.Rows, Quad.GroupAdd(shared, partial));
        }
    }
}
