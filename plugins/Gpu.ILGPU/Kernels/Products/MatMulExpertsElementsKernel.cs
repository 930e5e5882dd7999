using Hotplug.Gpu.Kernels.Products.Formats;
using ILGPU;

namespace Hotplug.Gpu.Kernels.Products;

/// <summary>
/// <c>W[k, m, e], b[m, e]?, x[k, u or 1, n], ids[u, n] → y[m, u, n]</c> with plain weights, activations as they are; shared out as in
/// <see cref="MatMulExpertsKernel"/>. An id that names no expert gives NaN. Any group size; shared memory: four floats for each of 256 lanes.
/// </summary>
internal static class MatMulExpertsElementsKernel
{
    internal struct Arguments
    {
        /// <summary>Weights in the standard layout, expert after expert.</summary>
        public ArrayView<int> Weights;
        /// <summary>n or u·n rows of k.</summary>
        public ArrayView<float> Input;
        /// <summary>Experts of each token, n rows of u.</summary>
        public ArrayView<int> Ids;
        /// <summary>e rows of m; not read without <see cref="HasBias"/>.</summary>
        public ArrayView<float> Bias;
        /// <summary>u·n rows of m.</summary>
        public ArrayView<float> Output;
        /// <summary>Number of the tensor's first element, counted in elements from the start of <see cref="Weights"/>.</summary>
        public long Start;
        /// <summary>Elements of a row: k.</summary>
        public int Width;
        /// <summary>Rows of an expert's matrix: m.</summary>
        public int Rows;
        /// <summary>Experts: e.</summary>
        public int Experts;
        /// <summary>Experts of a token: u.</summary>
        public int Used;
        /// <summary>Tokens: n.</summary>
        public int Tokens;
        /// <summary>Other than 0 if the input has a row for every chosen expert, 0 if one for every token.</summary>
        public int InputPerExpert;
        /// <summary>Other than 0 if there is a bias.</summary>
        public int HasBias;
    }

    public static void Run<TFormat>(Arguments a) where TFormat : unmanaged, IElementFormat
    {
        var shared = SharedMemory.Allocate<float>(4 * GroupSum.MaxLanes);
        var rowUnits = (a.Rows + MatVecKernel.RowsPerUnit - 1) / MatVecKernel.RowsPerUnit;
        var work = (long)rowUnits * a.Used * a.Tokens;
        for (var unit = (long)Grid.IdxX; unit < work; unit += Grid.DimX)
        {
            var pair = unit / rowUnits;
            var row = (int)(unit - pair * rowUnits) * MatVecKernel.RowsPerUnit;
            var id = a.Ids[pair];
            var expert = id >= 0 && id < a.Experts ? id : 0;
            var column = a.InputPerExpert != 0 ? pair : pair / a.Used;
            var last = a.Rows - 1;
            var start = a.Start + (long)expert * a.Rows * a.Width;
            var partial = ElementProducts.OfRows<TFormat>(a.Weights,
                start + row * (long)a.Width,
                start + IntrinsicMath.Min(row + 1, last) * (long)a.Width,
                start + IntrinsicMath.Min(row + 2, last) * (long)a.Width,
                start + IntrinsicMath.Min(row + 3, last) * (long)a.Width,
                a.Input, column * a.Width, a.Width);
            var sums = ExpertSums.Checked(Quad.GroupAdd(shared, partial), id, expert);
            RowOutputs.Store(a.Output, pair * a.Rows, a.Bias, (long)expert * a.Rows, a.HasBias, row, a.Rows, sums);
        }
    }
}
