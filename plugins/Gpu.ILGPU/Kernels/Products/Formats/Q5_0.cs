using ILGPU;

namespace Hotplug.Gpu.Kernels.Products.Formats;

/// <summary>Five bits; d per 32: (q − 16)·d.</summary>
internal struct Q5_0 : IQuantFormat
{
    public int Zero => 16;
    public bool HasOffset => false;

    public QuantUnit Load(ArrayView<int> words, long row, int units, int unit)
    {
        var result = Planes.FiveBits(words, row, units, unit);
        result.Scale = Planes.Half(words, row + 2L * units + units / 2, unit / 2);
        return result;
    }
}
