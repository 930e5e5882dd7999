using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Cpu.Programs;

/// <summary>The angles per position of a rotation, as <see cref="RopeParameters"/> defines them.</summary>
internal static unsafe class RopeFrequencies
{
    /// <summary>One frequency per pair.</summary>
    /// <param name="parameters">The rotation.</param>
    /// <param name="factors">w/2 floats that divide the frequencies, or null.</param>
    public static double[] Of(RopeParameters parameters, float* factors)
    {
        var width = parameters.RotaryWidth;
        var frequencies = new double[width / 2];
        var (low, high) = Range(parameters);
        for (var i = 0; i < frequencies.Length; i++)
        {
            var original = Math.Pow(parameters.Base, -2.0 * i / width) / (factors == null ? 1 : factors[i]);
            var ramp = Math.Clamp((i - low) / Math.Max(0.001, high - low), 0, 1);
            var kept = (1 - ramp) * parameters.ExtrapolationFactor;
            frequencies[i] = original * parameters.FrequencyScale * (1 - kept) + original * kept;
        }
        return frequencies;
    }

    /// <summary>Factor on sines and cosines.</summary>
    public static double Magnitude(RopeParameters parameters)
        => parameters.AttentionFactor * (parameters.ExtrapolationFactor != 0 ? 1 + 0.1 * Math.Log(1 / parameters.FrequencyScale) : 1);

    private static (double Low, double High) Range(RopeParameters parameters)
    {
        if (parameters.ExtrapolationFactor == 0) return (0, 0);
        var width = parameters.RotaryWidth;
        double Pair(double rotations) => width * Math.Log(parameters.OriginalContext / (2 * Math.PI * rotations)) / (2 * Math.Log(parameters.Base));
        return (Math.Clamp(Math.Floor(Pair(parameters.BetaFast)), 0, width - 1), Math.Clamp(Math.Ceiling(Pair(parameters.BetaSlow)), 0, width - 1));
    }
}
