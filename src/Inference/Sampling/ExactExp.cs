using System.Runtime.Intrinsics;

namespace Hotplug.Inference.Sampling;

/// <summary>
/// e^x for x ≤ 0 in additions and multiplications only, so that every machine gets the same bits, at any vector width; the libraries of the
/// platforms differ in the last place. x = n·ln 2 + r, |r| ≤ ½ ln 2, Taylor's polynomial of degree 12 for e^r (error below 2⁻⁵⁰), then n to
/// the exponent. Below <see cref="Least"/> the result is 0.
/// </summary>
internal static class ExactExp
{
    /// <summary>Below this, e^x is 0 here: the result would leave the normal range.</summary>
    public const double Least = -700;

    private const double Log2E = 1.4426950408889634;

    // ln 2 in two parts; the first has few enough bits that n times it is exact.
    private const double Ln2High = 0.693147180369123816490, Ln2Low = 1.90821492927058770002e-10;

    // Added to a small number, leaves it rounded to an integer in the lowest bits.
    private const double Shift = 6755399441055744.0;

    private const int MantissaBits = 52;

    private static readonly double[] Taylor = BuildTaylor();

    /// <summary>e^x for x ≤ 0.</summary>
    public static double Of(double x)
    {
        if (!(x >= Least)) return 0;
        var shifted = x * Log2E + Shift;
        var n = shifted - Shift;
        var r = x - n * Ln2High - n * Ln2Low;
        var p = Taylor[^1];
        for (var i = Taylor.Length - 2; i >= 0; i--) p = p * r + Taylor[i];
        return BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(p) + (BitConverter.DoubleToInt64Bits(shifted) << MantissaBits));
    }

    /// <summary>e^((logits − max) · scale) for each logit, all at most max.</summary>
    public static void Weights(ReadOnlySpan<float> logits, float max, double scale, Span<double> weights)
    {
        var at = 0;
        for (; at <= logits.Length - Vector256<float>.Count; at += Vector256<float>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.Create(logits[at..]));
            Of((low - Vector256.Create((double)max)) * scale).CopyTo(weights[at..]);
            Of((high - Vector256.Create((double)max)) * scale).CopyTo(weights[(at + Vector256<double>.Count)..]);
        }

        for (; at < logits.Length; at++) weights[at] = Of(((double)logits[at] - max) * scale);
    }

    private static Vector256<double> Of(Vector256<double> x)
    {
        var shifted = x * Log2E + Vector256.Create(Shift);
        var n = shifted - Vector256.Create(Shift);
        var r = x - n * Ln2High - n * Ln2Low;
        var p = Vector256.Create(Taylor[^1]);
        for (var i = Taylor.Length - 2; i >= 0; i--) p = p * r + Vector256.Create(Taylor[i]);
        var result = (p.AsInt64() + Vector256.ShiftLeft(shifted.AsInt64(), MantissaBits)).AsDouble();
        return Vector256.GreaterThanOrEqual(x, Vector256.Create(Least)).AsDouble() & result;
    }

    private static double[] BuildTaylor()
    {
        var coefficients = new double[13];
        coefficients[0] = 1;
        var factorial = 1.0;
        for (var i = 1; i < coefficients.Length; i++) coefficients[i] = 1 / (factorial *= i);
        return coefficients;
    }
}
