using ILGPU;

namespace Hotplug.Gpu.Kernels.Products.Formats;

/// <summary>Signed bytes; d per 32: q·d.</summary>
internal struct Q8_0 : IQuantFormat
{
    public int Zero => 0;
    public bool HasOffset => false;

    public QuantUnit Load(ArrayView<int> words, long row, int units, int unit)
    {
        QuantUnit result;
        result.A = words[row + unit];
        result.B = words[row + units + unit];
        result.C = words[row + 2L * units + unit];
        result.D = words[row + 3L * units + unit];
        result.Scale = Planes.Half(words, row + 4L * units, unit / 2);
        result.Offset = 0;
        return result;
    }
}
