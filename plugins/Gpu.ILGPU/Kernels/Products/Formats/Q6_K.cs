using ILGPU;

namespace Hotplug.Gpu.Kernels.Products.Formats;

/// <summary>Six bits; a signed byte of scale per 16, its factor per 256: (q − 32)·(d·s).</summary>
internal struct Q6_K : IQuantFormat
{
    public int Zero => 32;
    public bool HasOffset => false;

    public QuantUnit Load(ArrayView<int> words, long row, int units, int unit)
    {
        const int pair = 0x30303030;
        var result = Planes.Nibbles(words, row, units, unit);
        var high = words[row + 2L * units + unit];
        result.A |= (high << 4) & pair;
        result.B |= (high << 2) & pair;
        result.C |= high & pair;
        result.D |= (high >> 2) & pair;
        var scale = (words[row + 3L * units + unit / 4] << (24 - 8 * (unit & 3))) >> 24;
        result.Scale = Planes.Half(words, row + 3L * units + units / 4, unit / 16) * scale;
        return result;
    }
}
