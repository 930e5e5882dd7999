namespace Hotplug.Inference.Sampling;

/// <summary>
/// The natural logarithm in additions, multiplications and divisions only, so that every machine gets the same bits. x = m·2ⁿ with m in [√½, √2), and
/// ln m = 2·artanh((m − 1) ∕ (m + 1)) as a power series (error below 2⁻⁴⁸).
/// </summary>
internal static class ExactLog
{
    private const double Ln2 = 0.6931471805599453;
    private const long MantissaMask = (1L << 52) - 1, One = 1023L << 52;

    /// <summary>ln x for normal x &gt; 0; negative infinity for smaller ones.</summary>
    public static double Of(double x)
    {
        if (x < 2.2250738585072014e-308) return double.NegativeInfinity;
        var bits = BitConverter.DoubleToInt64Bits(x);
        var n = (int)(bits >> 52) - 1023;
        var m = BitConverter.Int64BitsToDouble(bits & MantissaMask | One);
        if (m > 1.4142135623730951)
        {
            m *= 0.5;
            n++;
        }

        var s = (m - 1) / (m + 1);
        var square = s * s;
        var sum = 0.0;
        for (var i = 21; i >= 1; i -= 2) sum = sum * square + 1.0 / i;
        return n * Ln2 + 2 * s * sum;
    }

    /// <summary>x^y for x ≥ 0, in the same sense.</summary>
    public static double Pow(double x, double y)
    {
        if (y == 0) return 1;
        var exponent = y * Of(x);
        return exponent <= 0 ? ExactExp.Of(exponent) : 1 / ExactExp.Of(-exponent);
    }
}
