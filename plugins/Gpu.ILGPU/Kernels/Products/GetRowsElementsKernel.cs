using Hotplug.Gpu.Kernels.Products.Formats;
using ILGPU;

namespace Hotplug.Gpu.Kernels.Products;

/// <summary>
/// <c>W[k, v], ids[n] → y[k, n]</c> from a plain weight or an F32 value of the graph (its words), exactly. A lane makes an element; any group size, no
/// shared memory.
/// </summary>
internal static class GetRowsElementsKernel
{
    internal struct Arguments
    {
        /// <summary>The table in the standard layout.</summary>
        public ArrayView<int> Table;
        /// <summary>Row numbers, all within the table.</summary>
        public ArrayView<int> Ids;
        /// <summary>n rows of k.</summary>
        public ArrayView<float> Output;
        /// <summary>Number of the table's first element, counted in elements from the start of <see cref="Table"/>.</summary>
        public long Start;
        /// <summary>Elements of a row: k.</summary>
        public int Width;
        /// <summary>Rows to get: n.</summary>
        public int Rows;
    }

    public static void Run<TFormat>(Arguments a) where TFormat : unmanaged, IElementFormat
    {
        var format = default(TFormat);
        for (var i = (long)Grid.IdxX * Group.DimX + Group.IdxX; i < (long)a.Width * a.Rows; i += (long)Grid.DimX * Group.DimX)
        {
            var row = i / a.Width;
            a.Output[i] = format.Load(a.Table, a.Start + a.Ids[row] * (long)a.Width + (i - row * a.Width));
        }
    }
}
