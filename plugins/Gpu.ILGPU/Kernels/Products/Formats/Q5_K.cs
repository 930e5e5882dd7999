using ILGPU;

namespace Hotplug.Gpu.Kernels.Products.Formats;

/// <summary>Five bits; 6-bit scale and minimum per 32, their factors per 256: q·(d·s) − dmin·m.</summary>
internal struct Q5_K : IQuantFormat
{
    public int Zero => 0;
    public bool HasOffset => true;

    public QuantUnit Load(ArrayView<int> words, long row, int units, int unit)
    {
        var result = Planes.FiveBits(words, row, units, unit);
        return Planes.SixBitScales(words, row + 2L * units + units / 2 + unit / 16 * 4, (unit >> 1) & 7, result);
    }
}
