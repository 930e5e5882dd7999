using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Reference.Operations;

/// <summary>The rotation that <see cref="RopeParameters"/> describe.</summary>
internal static class Rotation
{
    /// <summary>Angle per position of pair <paramref name="pair"/>.</summary>
    public static double Frequency(RopeParameters parameters, ReadOnlySpan<double> factors, int pair)
    {
        var original = Math.Pow(parameters.Base, -2.0 * pair / parameters.RotaryWidth) / (factors.IsEmpty ? 1 : factors[pair]);
        var interpolated = original * parameters.FrequencyScale;
        if (parameters.ExtrapolationFactor == 0) return interpolated;
        var low = Math.Max(0, Math.Floor(Correction(parameters, parameters.BetaFast)));
        var high = Math.Min(parameters.RotaryWidth - 1, Math.Ceiling(Correction(parameters, parameters.BetaSlow)));
        var ramp = Math.Clamp((pair - low) / Math.Max(0.001, high - low), 0, 1);
        var share = (1 - ramp) * parameters.ExtrapolationFactor;
        return interpolated * (1 - share) + original * share;
    }

    /// <summary>Factor on sines and cosines.</summary>
    public static double Magnitude(RopeParameters parameters) => parameters.ExtrapolationFactor == 0
        ? parameters.AttentionFactor
        : parameters.AttentionFactor * (1 + 0.1 * Math.Log(1 / parameters.FrequencyScale));

    /// <summary>Elements of a head that pair <paramref name="pair"/> rotates together.</summary>
    public static (int First, int Second) Pair(RopeParameters parameters, int pair) => parameters.Style == RopeStyle.Adjacent
        ? (2 * pair, 2 * pair + 1)
        : (pair, pair + parameters.RotaryWidth / 2);

    /// <summary>Rotates a head in place.</summary>
    public static void Rotate(RopeParameters parameters, ReadOnlySpan<double> factors, int position, double magnitude, Span<double> head)
    {
        for (var pair = 0; pair < parameters.RotaryWidth / 2; pair++)
        {
            var angle = position * Frequency(parameters, factors, pair);
            var (sine, cosine) = (Math.Sin(angle) * magnitude, Math.Cos(angle) * magnitude);
            var (a, b) = Pair(parameters, pair);
            (head[a], head[b]) = (head[a] * cosine - head[b] * sine, head[a] * sine + head[b] * cosine);
        }
    }

    // The pair at which a frequency makes `rotations` turns within the original context, as a real number.
    private static double Correction(RopeParameters parameters, double rotations)
        => parameters.RotaryWidth * Math.Log(parameters.OriginalContext / (2 * Math.PI * rotations)) / (2 * Math.Log(parameters.Base));
}
