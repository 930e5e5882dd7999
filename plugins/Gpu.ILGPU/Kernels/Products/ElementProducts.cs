using Hotplug.Gpu.Kernels.Products.Formats;
using ILGPU;

namespace Hotplug.Gpu.Kernels.Products;

/// <summary>Dot products of plain weights with activations in single precision.</summary>
internal static class ElementProducts
{
    /// <summary>
    /// What this lane adds to the products of four rows with a column. Rows are given by the numbers of their first elements and may be the same. Rows of even width that
    /// start at even elements are read in pairs, each lane a word of half precision; others element by element.
    /// </summary>
    public static Quad OfRows<TFormat>(ArrayView<int> weights, long row0, long row1, long row2, long row3, ArrayView<float> x, long column, int width)
        where TFormat : unmanaged, IElementFormat
    {
        var format = default(TFormat);
        var sums = default(Quad);
        if ((row0 & 1) == 0 && (width & 1) == 0)
        {
            for (var pair = Group.IdxX; pair < width / 2; pair += Group.DimX)
            {
                var first = x[column + 2L * pair];
                var second = x[column + 2L * pair + 1];
                sums.A = Add(sums.A, format.LoadPair(weights, row0 / 2 + pair), first, second);
                sums.B = Add(sums.B, format.LoadPair(weights, row1 / 2 + pair), first, second);
                sums.C = Add(sums.C, format.LoadPair(weights, row2 / 2 + pair), first, second);
                sums.D = Add(sums.D, format.LoadPair(weights, row3 / 2 + pair), first, second);
            }
            return sums;
        }
        for (var i = Group.IdxX; i < width; i += Group.DimX)
        {
            var value = x[column + i];
            sums.A += format.Load(weights, row0 + i) * value;
            sums.B += format.Load(weights, row1 + i) * value;
            sums.C += format.Load(weights, row2 + i) * value;
            sums.D += format.Load(weights, row3 + i) * value;
        }
        return sums;
    }

    private static float Add(float sum, ElementPair weights, float first, float second) => sum + weights.First * first + weights.Second * second;
}
