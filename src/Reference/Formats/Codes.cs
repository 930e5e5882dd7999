namespace Hotplug.Reference.Formats;

/// <summary>Rounding of elements to integer codes.</summary>
internal static class Codes
{
    /// <summary>The code nearest to <paramref name="value"/> / <paramref name="scale"/>, clamped; 0 (clamped) for a scale of 0.</summary>
    public static int Nearest(float value, float scale, int lowest, int highest)
        => scale == 0 ? Math.Clamp(0, lowest, highest) : (int)Math.Clamp(MathF.Round(value / scale), lowest, highest);

    /// <summary>The number of the level nearest to <paramref name="value"/> / <paramref name="scale"/>, the first of equally near ones.</summary>
    public static int NearestLevel(float value, float scale, ReadOnlySpan<sbyte> levels)
    {
        var best = 0;
        for (var i = 1; i < levels.Length; i++)
            if (MathF.Abs(levels[i] * scale - value) < MathF.Abs(levels[best] * scale - value)) best = i;
        return best;
    }

    /// <summary>The element of greatest absolute value, with its sign.</summary>
    public static float Largest(ReadOnlySpan<float> values)
    {
        var largest = 0f;
        foreach (var value in values)
            if (MathF.Abs(value) > MathF.Abs(largest)) largest = value;
        return largest;
    }

    /// <summary>The smallest and the greatest element.</summary>
    public static (float Lowest, float Highest) Range(ReadOnlySpan<float> values)
    {
        var (lowest, highest) = (values[0], values[0]);
        foreach (var value in values) (lowest, highest) = (MathF.Min(lowest, value), MathF.Max(highest, value));
        return (lowest, highest);
    }
}
