namespace Hotplug.Inference.Quantization.Rows;

/// <summary>
/// Roundings of ggml, from which a file that is to be the same depends: bit for bit in single precision, no fused multiply-add, sums in order.
/// </summary>
internal static class Rounding
{
    /// <summary>Below this a group of elements counts as all zero.</summary>
    public const float Nothing = 1e-15f;

    private const float Magic = 12582912f;

    /// <summary>
    /// The nearest integer, ties to even, for values within ±2²²: 1.5·2²³ is added, which leaves the integer in the low bits. Beyond that range the result is what
    /// those bits hold, here as there.
    /// </summary>
    public static int Nearest(float value) => (BitConverter.SingleToInt32Bits(value + Magic) & 0x007F_FFFF) - 0x0040_0000;

    /// <summary>The nearest integer within bounds.</summary>
    public static int Nearest(float value, int lowest, int highest) => Math.Max(lowest, Math.Min(highest, Nearest(value)));

    /// <summary>The nearest integer, ties away from zero.</summary>
    public static int Away(float value) => (int)MathF.Round(value, MidpointRounding.AwayFromZero);

    /// <summary>The inverse of a scale; 0 for 0.</summary>
    public static float Inverse(float scale) => scale != 0 ? 1f / scale : 0f;

    /// <summary>The element of greatest size, the first if there are several; 0 if all are.</summary>
    public static float Largest(ReadOnlySpan<float> values)
    {
        var (size, largest) = (0f, 0f);
        foreach (var value in values)
            if (MathF.Abs(value) > size) (size, largest) = (MathF.Abs(value), value);
        return largest;
    }

    /// <summary>The smallest and the largest element.</summary>
    public static (float Smallest, float Largest) Range(ReadOnlySpan<float> values)
    {
        var (smallest, largest) = (values[0], values[0]);
        foreach (var value in values[1..])
        {
            if (value < smallest) smallest = value;
            if (value > largest) largest = value;
        }
        return (smallest, largest);
    }
}
