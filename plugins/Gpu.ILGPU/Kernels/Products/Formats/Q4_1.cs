using ILGPU;

namespace Hotplug.Gpu.Kernels.Products.Formats;

/// <summary>Nibbles; d and m per 32: q·d + m.</summary>
internal struct Q4_1 : IQuantFormat
{
    public int Zero => 0;
    public bool HasOffset => true;

    public QuantUnit Load(ArrayView<int> words, long row, int units, int unit)
    {
        var result = Planes.Nibbles(words, row, units, unit);
        var factors = words[row + 2L * units + unit / 2];
        result.Scale = Numbers.HalfToFloat(factors);
        result.Offset = Numbers.HalfToFloat(factors >> 16);
        return result;
    }
}
