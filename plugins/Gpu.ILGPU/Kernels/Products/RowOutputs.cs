using ILGPU;

namespace Hotplug.Gpu.Kernels.Products;

/// <summary>Writes the products of four rows.</summary>
internal static class RowOutputs
{
    /// <summary>Lane 0 writes rows <paramref name="row"/> to row + 3, as far as they are below <paramref name="rows"/>, to an output that begins at <paramref name="start"/>.</summary>
    public static void Store(ArrayView<float> output, long start, ArrayView<float> bias, long biasStart, int hasBias, int row, int rows, Quad sums)
    {
        if (Group.IdxX != 0) return;
        StoreOne(output, start, bias, biasStart, hasBias, row, rows, sums.A);
        StoreOne(output, start, bias, biasStart, hasBias, row + 1, rows, sums.B);
        StoreOne(output, start, bias, biasStart, hasBias, row + 2, rows, sums.C);
        StoreOne(output, start, bias, biasStart, hasBias, row + 3, rows, sums.D);
    }

    /// <summary>Writes one product, if its row exists.</summary>
    public static void StoreOne(ArrayView<float> output, long start, ArrayView<float> bias, long biasStart, int hasBias, int row, int rows, float sum)
    {
        if (row >= rows) return;
        if (hasBias != 0) sum += bias[biasStart + row];
        output[start + row] = sum;
    }
}
