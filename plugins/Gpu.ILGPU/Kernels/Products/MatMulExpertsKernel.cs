using Hotplug.Gpu.Kernels.Products.Formats;
using ILGPU;

namespace Hotplug.Gpu.Kernels.Products;

/// <summary>
/// <c>W[k, m, e], b[m, e]?, x[k, u or 1, n], ids[u, n] → y[m, u, n]</c> with packed weights and quantised activations. A group makes four rows for one chosen expert of
/// one token; nothing is shared between tokens, so it is meant for decode. An id that names no expert gives NaN. Any group size; shared memory:
/// four floats for each of 256 lanes.
/// </summary>
internal static class MatMulExpertsKernel
{
    internal struct Arguments
    {
        /// <summary>Packed weights, expert after expert.</summary>
        public ArrayView<int> Weights;
        /// <summary>Quantised activations, n or u·n rows.</summary>
        public ArrayView<int> Input;
        /// <summary>Experts of each token, n rows of u.</summary>
        public ArrayView<int> Ids;
        /// <summary>e rows of m; not read without <see cref="HasBias"/>.</summary>
        public ArrayView<float> Bias;
        /// <summary>u·n rows of m.</summary>
        public ArrayView<float> Output;
        /// <summary>First word of the tensor in <see cref="Weights"/>.</summary>
        public long Start;
        /// <summary>Words of a packed row, padding included.</summary>
        public long RowWords;
        /// <summary>Units of sixteen elements of a row: k / 16.</summary>
        public int Units;
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

    public static void Run<TFormat>(Arguments a) where TFormat : unmanaged, IQuantFormat
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
            var start = a.Start + (long)expert * a.Rows * a.RowWords;
            var partial = QuantProducts.OfRows<TFormat>(a.Weights,
                start + row * a.RowWords,
                start + IntrinsicMath.Min(row + 1, last) * a.RowWords,
                start + IntrinsicMath.Min(row + 2, last) * a.RowWords,
                start + IntrinsicMath.Min(row + 3, last) * a.RowWords,
                a.Input, column * a.Units * 10, a.Units);
            var sums = ExpertSums.Checked(Quad.GroupAdd(shared, partial), id, expert);
            RowOutputs.Store(a.Output, pair * a.Rows, a.Bias, (long)expert * a.Rows, a.HasBias, row, a.Rows, sums);
        }
    }
}
