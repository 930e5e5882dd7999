using ILGPU;

namespace Hotplug.Gpu.Kernels.Products.Formats;

/// <summary>Five bits; d and m per 32: q·d + m.</summary>
internal struct Q5_1 : IQuantFormat
{
    public int Zero => 0;
    public bool HasOffset => true;

    public QuantUnit Load(ArrayView<int> words, long row, int units, int unit)
    {
        var result = Planes.FiveBits(words, row, units, unit);
        var factors = words[row + 2L * units + units / 2 + unit / 2];
        result.Scale = Numbers.HalfToFloat(factors);
        result.Offset = Numbers.HalfToFloat(factors >> 16);
        return result;
    }
}
