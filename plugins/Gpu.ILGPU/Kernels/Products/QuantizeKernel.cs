using ILGPU;

namespace Hotplug.Gpu.Kernels.Products;

/// <summary>Quantises rows: <c>x[k, n] → n rows</c> of <see cref="Activations"/>. A lane does a block of 32; any group size.</summary>
internal static class QuantizeKernel
{
    internal struct Arguments
    {
        /// <summary>n rows of <see cref="Units"/>·16 elements.</summary>
        public ArrayView<float> Input;
        /// <summary>n rows of <see cref="Activations.RowWords"/>.</summary>
        public ArrayView<int> Output;
        /// <summary>Units of a row: k / 16, even.</summary>
        public int Units;
        /// <summary>Rows.</summary>
        public int Rows;
    }

    public static void Run(Arguments a)
    {
        var blocks = a.Units / 2;
        var total = (long)blocks * a.Rows;
        for (var i = (long)Grid.IdxX * Group.DimX + Group.IdxX; i < total; i += (long)Grid.DimX * Group.DimX)
        {
            var row = i / blocks;
            Activations.Quantize(a.Input, row * a.Units * 16, a.Output, row * a.Units * 10, a.Units, (int)(i - row * blocks));
        }
    }
}
