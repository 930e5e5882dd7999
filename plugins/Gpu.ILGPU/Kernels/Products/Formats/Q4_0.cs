using ILGPU;

namespace Hotplug.Gpu.Kernels.Products.Formats;

/// <summary>Nibbles; d per 32: (q − 8)·d.</summary>
internal struct Q4_0 : IQuantFormat
{
    public int Zero => 8;
    public bool HasOffset => false;

    public QuantUnit Load(ArrayView<int> words, long row, int units, int unit)
    {
        var result = Planes.Nibbles(words, row, units, unit);
        result.Scale = Planes.Half(words, row + 2L * units, unit / 2);
        return result;
    }
}
