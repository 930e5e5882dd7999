using ILGPU;

namespace Hotplug.Gpu.Kernels.Products;

/// <summary>Writes the products of a row with four columns.</summary>
internal static class ColumnOutputs
{
    /// <summary>Lane 0 writes columns <paramref name="column"/> to column + 3 of a row, as far as row and columns exist.</summary>
    public static void Store(ArrayView<float> output, ArrayView<float> bias, int hasBias, int row, int rows, int column, int columns, Quad sums)
    {
        if (Group.IdxX != 0 || row >= rows) return;
        var add = hasBias != 0 ? bias[row] : 0f;
        StoreOne(output, hasBias, add, row, rows, column, columns, sums.A);
        StoreOne(output, hasBias, add, row, rows, column + 1, columns, sums.B);
        StoreOne(output, hasBias, add, row, rows, column + 2, columns, sums.C);
        StoreOne(output, hasBias, add, row, rows, column + 3, columns, sums.D);
    }

    private static void StoreOne(ArrayView<float> output, int hasBias, float add, int row, int rows, int column, int columns, float sum)
    {
        if (column < columns) output[(long)column * rows + row] = hasBias != 0 ? sum + add : sum;
    }
}
