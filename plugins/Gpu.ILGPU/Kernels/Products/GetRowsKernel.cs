using Hotplug.Gpu.Kernels.Products.Formats;
using ILGPU;

namespace Hotplug.Gpu.Kernels.Products;

/// <summary>
/// <c>W[k, v], ids[n] → y[k, n]</c> from packed weights: the dequantised rows, every bit as the plain formula gives it. A lane makes four neighbouring elements;
/// any group size, no shared memory.
/// </summary>
internal static class GetRowsKernel
{
    internal struct Arguments
    {
        /// <summary>Packed weights.</summary>
        public ArrayView<int> Weights;
        /// <summary>Row numbers, all within the table.</summary>
        public ArrayView<int> Ids;
        /// <summary>n rows of k.</summary>
        public ArrayView<float> Output;
        /// <summary>First word of the tensor in <see cref="Weights"/>.</summary>
        public long Start;
        /// <summary>Words of a packed row, padding included.</summary>
        public long RowWords;
        /// <summary>Units of sixteen elements of a row: k / 16.</summary>
        public int Units;
        /// <summary>Rows to get: n.</summary>
        public int Rows;
    }

    public static void Run<TFormat>(Arguments a) where TFormat : unmanaged, IQuantFormat
    {
        var format = default(TFormat);
        var words = a.Units * 4L;
        for (var i = (long)Grid.IdxX * Group.DimX + Group.IdxX; i < words * a.Rows; i += (long)Grid.DimX * Group.DimX)
        {
            var row = i / words;
            var word = (int)(i - row * words);
            var w = format.Load(a.Weights, a.Start + a.Ids[row] * a.RowWords, a.Units, word / 4);
            var j = word & 3;
            var codes = QuantUnit.Centre(j == 0 ? w.A : j == 1 ? w.B : j == 2 ? w.C : w.D, format.Zero);
            for (var e = 0; e < 4; e++)
            {
                // Codes of five bits times a scale are exact in single precision, so it makes no difference whether a compiler fuses this sum.
                var value = w.Scale * ((codes << (24 - 8 * e)) >> 24);
                if (format.HasOffset) value += w.Offset;
                a.Output[4 * i + e] = value;
            }
        }
    }
}
