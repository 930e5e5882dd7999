using ILGPU;

namespace Hotplug.Gpu.Kernels.Products.Formats;

/// <summary>How lanes read packed rows of a quantised type; the layouts are those of <see cref="Accelerators.Formats.PackedFormat"/>. Kernels are compiled per format.</summary>
internal interface IQuantFormat
{
    /// <summary>What is taken from every code before it is scaled: a constant of the format.</summary>
    int Zero { get; }

    /// <summary>False if <see cref="QuantUnit.Offset"/> is always zero: a constant of the format.</summary>
    bool HasOffset { get; }

    /// <summary>Reads a unit of sixteen weights.</summary>
    /// <param name="words">The packed tensor.</param>
    /// <param name="row">First word of the row.</param>
    /// <param name="units">Units of the row.</param>
    /// <param name="unit">Number of the unit, 0 to units − 1.</param>
    QuantUnit Load(ArrayView<int> words, long row, int units, int unit);
}
