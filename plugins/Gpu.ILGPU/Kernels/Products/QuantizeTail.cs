using Hotplug.Gpu.Kernels.Norms;
using ILGPU;

namespace Hotplug.Gpu.Kernels.Products;

/// <summary>Quantises the row that a norm has just written: a lane does a block of 32.</summary>
internal struct QuantizeTail : IRowTail
{
    /// <summary>Rows of <see cref="Activations.RowWords"/>.</summary>
    public ArrayView<int> Output;

    /// <summary>Units of sixteen elements of a row, even.</summary>
    public int Units;

    public void Run(ArrayView<float> values, int row)
    {
        for (var block = Group.IdxX; block < Units / 2; block += Group.DimX) Activations.Quantize(values, 0, Output, (long)row * Units * 10, Units, block);
    }
}
