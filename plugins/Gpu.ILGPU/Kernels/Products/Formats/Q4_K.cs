using ILGPU;

namespace Hotplug.Gpu.Kernels.Products.Formats;

/// <summary>Nibbles; 6-bit scale and minimum per 32, their factors per 256: q·(d·s) − dmin·m.</summary>
internal struct Q4_K : IQuantFormat
{
    public int Zero => 0;
    public bool HasOffset => true;

    public QuantUnit Load(ArrayView<int> words, long row, int units, int unit)
    {
        var result = Planes.Nibbles(words, row, units, unit);
        return Planes.SixBitScales(words, row + 2L * units + unit / 16 * 4, (unit >> 1) & 7, result);
    }
}
