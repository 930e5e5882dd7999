namespace Hotplug.Inference.Quantization.Rows;

/// <summary>
/// What Q4_K and Q5_K have in common: two half-precision scales, and eight groups of 32 with a scale and a minimum of 6 bits each, in twelve bytes.
/// </summary>
internal static class SixBitGroups
{
    private const int Groups = 8, Length = 32, Highest = 63, ScalesAt = 4;

    /// <summary>Writes the first 16 bytes of a block and finds the codes that go with them.</summary>
    /// <param name="values">256 elements.</param>
    /// <param name="search">How a group is searched.</param>
    /// <param name="block">The block.</param>
    /// <param name="codes">256 codes.</param>
    public static void Write(ReadOnlySpan<float> values, AffineGroup search, Span<byte> block, Span<byte> codes)
    {
        Span<float> weights = stackalloc float[Length], scales = stackalloc float[Groups], minima = stackalloc float[Groups];
        var (largestScale, largestMinimum) = (0f, 0f);
        for (var group = 0; group < Groups; group++)
        {
            var part = values.Slice(group * Length, Length);
            var squares = 0f;
            foreach (var value in part) squares += value * value;
            var size = MathF.Sqrt(squares / Length);
            for (var i = 0; i < Length; i++) weights[i] = size + MathF.Abs(part[i]);
            (scales[group], minima[group]) = search.Search(part, weights, codes.Slice(group * Length, Length));
            if (scales[group] > largestScale) largestScale = scales[group];
            if (minima[group] > largestMinimum) largestMinimum = minima[group];
        }

        var (inverseScale, inverseMinimum) = (largestScale > 0 ? Highest / largestScale : 0f, largestMinimum > 0 ? Highest / largestMinimum : 0f);
        var packed = block.Slice(ScalesAt, 12);
        packed.Clear();
        BlockScale.Write(block, 0, largestScale / Highest);
        BlockScale.Write(block, 2, largestMinimum / Highest);
        var (scaleUnit, minimumUnit) = (BlockScale.Read(block, 0), BlockScale.Read(block, 2));
        for (var group = 0; group < Groups; group++)
        {
            // A negative one wraps round and becomes the highest.
            var scale = Math.Min(Highest, (int)(byte)Rounding.Nearest(inverseScale * scales[group]));
            var minimum = Math.Min(Highest, (int)(byte)Rounding.Nearest(inverseMinimum * minima[group]));
            Pack(packed, group, scale, minimum);
            var (step, low) = (scaleUnit * scale, minimumUnit * minimum);
            if (step == 0) continue;
            for (var i = group * Length; i < (group + 1) * Length; i++) codes[i] = (byte)Rounding.Nearest((values[i] + low) / step, 0, search.Highest);
        }
    }

    // The first four groups have bytes of their own; the others share nibbles there and take the upper two bits of the first ones.
    private static void Pack(Span<byte> packed, int group, int scale, int minimum)
    {
        if (group < 4)
        {
            packed[group] = (byte)scale;
            packed[group + 4] = (byte)minimum;
            return;
        }
        packed[group + 4] = (byte)(scale & 15 | minimum << 4);
        packed[group - 4] |= (byte)(scale >> 4 << 6);
        packed[group] |= (byte)(minimum >> 4 << 6);
    }
}
