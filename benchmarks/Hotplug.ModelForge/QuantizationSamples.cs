namespace Hotplug.ModelForge;

/// <summary>Rows on which quantisers differ if they differ anywhere: ordinary ones, ties, constants, outliers, tiny ones, rows of one sign, rows with empty blocks.</summary>
public static class QuantizationSamples
{
    private const int Columns = 512, RowsPerKind = 4;

    /// <summary>The rows, each of 512 finite elements; always the same.</summary>
    public static IReadOnlyList<float[]> Rows { get; } = [.. Enumerable.Range(0, 8 * RowsPerKind).Select(Make)];

    private static float[] Make(int index)
    {
        var state = 0x9E3779B97F4A7C15UL * (ulong)(index + 1);
        var row = new float[Columns];
        for (var i = 0; i < row.Length; i++)
        {
            // Three uniform numbers make one that is nearly normal.
            var value = Uniform() + Uniform() + Uniform();
            row[i] = (index / RowsPerKind) switch
            {
                0 => value,
                1 => MathF.Round(value * 8) / 8,
                2 => i / 32 % 3 == 0 ? 0.75f : value,
                3 => i % 97 == 0 ? value * 300 : value,
                4 => value * 1e-7f,
                5 => MathF.Abs(value) + 0.5f,
                6 => i / 16 % 2 == 0 ? 0 : -MathF.Abs(value),
                _ => value * MathF.Pow(4, i / 64 - 4),
            };
        }
        return row;

        // −1 to 1 in steps that single precision holds exactly (xorshift, Marsaglia 2003).
        float Uniform()
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            return (int)(state >> 40) / (float)(1 << 23) - 1;
        }
    }
}
