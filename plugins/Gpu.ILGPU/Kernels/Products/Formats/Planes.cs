using ILGPU;

namespace Hotplug.Gpu.Kernels.Products.Formats;

/// <summary>What the packed formats have in common.</summary>
internal static class Planes
{
    private const int LowNibbles = 0x0F0F0F0F;

    /// <summary>Codes of a unit from the two words of a nibble plane at the start of the row.</summary>
    public static QuantUnit Nibbles(ArrayView<int> words, long row, int units, int unit)
    {
        var first = words[row + unit];
        var second = words[row + units + unit];
        QuantUnit result;
        result.A = first & LowNibbles;
        result.B = (first >> 4) & LowNibbles;
        result.C = second & LowNibbles;
        result.D = (second >> 4) & LowNibbles;
        result.Scale = 0;
        result.Offset = 0;
        return result;
    }

    /// <summary>Nibbles and, from the plane behind them, a fifth bit each; a word of it serves two units.</summary>
    public static QuantUnit FiveBits(ArrayView<int> words, long row, int units, int unit)
    {
        const int bit = 0x10101010;
        var result = Nibbles(words, row, units, unit);
        var high = words[row + 2L * units + unit / 2] >> (4 * (unit & 1));
        result.A |= (high << 4) & bit;
        result.B |= (high << 3) & bit;
        result.C |= (high << 2) & bit;
        result.D |= (high << 1) & bit;
        return result;
    }

    /// <summary>Half number <paramref name="index"/> of a plane of halves that starts at word <paramref name="start"/>.</summary>
    public static float Half(ArrayView<int> words, long start, int index) => Numbers.HalfToFloat(words[start + index / 2] >> (16 * (index & 1)));

    /// <summary>Scale and offset of group <paramref name="group"/> (0 to 7) of a block with 6-bit scales, whose four words start at <paramref name="block"/>.</summary>
    public static QuantUnit SixBitScales(ArrayView<int> words, long block, int group, QuantUnit unit)
    {
        var factors = words[block];
        var high = words[block + 3] >> (2 * group);
        var scale = ((words[block + 1] >> (4 * group)) & 15) | ((high & 3) << 4);
        var minimum = ((words[block + 2] >> (4 * group)) & 15) | (((high >> 16) & 3) << 4);
        unit.Scale = Numbers.HalfToFloat(factors) * scale;
        unit.Offset = -(Numbers.HalfToFloat(factors >> 16) * minimum);
        return unit;
    }
}
