namespace Hotplug.Reference.Formats;

/// <summary>
/// The twelve bytes of Q4_K and Q5_K that hold eight 6-bit scales and eight 6-bit minima. Bytes 0–3 hold scales 0–3, bytes 4–7 minima 0–3, each in the low six
/// bits; bytes 8–11 hold the low four bits of scales (low nibble) and minima (high nibble) 4–7, whose top two bits are the top
/// two of bytes 0–3 and 4–7.
/// </summary>
internal static class SixBitScales
{
    public static (int Scale, int Minimum) Read(ReadOnlySpan<byte> packed, int j) => j < 4
        ? (packed[j] & 63, packed[j + 4] & 63)
        : ((packed[j + 4] & 15) | ((packed[j - 4] >> 6) << 4), (packed[j + 4] >> 4) | ((packed[j] >> 6) << 4));

    public static void Write(Span<byte> packed, ReadOnlySpan<int> scales, ReadOnlySpan<int> minima)
    {
        for (var j = 0; j < 4; j++)
        {
            packed[j] = (byte)(scales[j] | ((scales[j + 4] >> 4) << 6));
            packed[j + 4] = (byte)(minima[j] | ((minima[j + 4] >> 4) << 6));
            packed[j + 8] = (byte)((scales[j + 4] & 15) | ((minima[j + 4] & 15) << 4));
        }
    }

    /// <summary>
    /// Chooses scale and minimum of each of eight groups of 32 so that codes 0 to <paramref name="highest"/> span the group, rounds both to six bits
    /// of the common factors, and writes all of them.
    /// </summary>
    public static void Encode(ReadOnlySpan<float> values, int highest, Span<byte> block)
    {
        Span<float> steps = stackalloc float[8];
        Span<float> lows = stackalloc float[8];
        for (var j = 0; j < 8; j++)
        {
            var (low, high) = Codes.Range(values.Slice(j * 32, 32));
            lows[j] = MathF.Max(-low, 0);
            steps[j] = (MathF.Max(high, 0) + lows[j]) / highest;
        }
        HalfScale.Write(block, 0, Codes.Range(steps).Highest / 63);
        HalfScale.Write(block, 2, Codes.Range(lows).Highest / 63);
        var (scale, minimum) = (HalfScale.Read(block, 0), HalfScale.Read(block, 2));
        Span<int> scales = stackalloc int[8];
        Span<int> minima = stackalloc int[8];
        for (var j = 0; j < 8; j++)
        {
            scales[j] = Codes.Nearest(steps[j], scale, 0, 63);
            minima[j] = Codes.Nearest(lows[j], minimum, 0, 63);
        }
        Write(block[4..16], scales, minima);
    }

    /// <summary>The code of an element of group <paramref name="j"/>.</summary>
    public static int Code(ReadOnlySpan<byte> block, int j, float value, int highest)
    {
        var (scale, minimum) = Read(block[4..16], j);
        return Codes.Nearest(value + HalfScale.Read(block, 2) * minimum, HalfScale.Read(block, 0) * scale, 0, highest);
    }
}
