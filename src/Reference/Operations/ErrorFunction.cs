namespace Hotplug.Reference.Operations;

/// <summary>The error function, which the class library lacks.</summary>
internal static class ErrorFunction
{
    /// <summary>
    /// erfc(x) = 1 − erf(x), relative error below 1e-13. Near zero by the series erf x = 2/√π · e^(−x²) · Σ 2ⁿx²ⁿ⁺¹/(1·3·…·(2n+1)), farther out by the
    /// continued fraction erfc x = e^(−x²)/(x√π) · 1/(1+ 1/(2x²)/(1+ 2/(2x²)/(1+ …))) (Abramowitz and Stegun 7.1.6 and 7.1.14).
    /// </summary>
    public static double Complement(double x)
    {
        if (double.IsNaN(x)) return x;
        if (x < 0) return 2 - Complement(-x);
        if (x < 2)
        {
            double term = x, sum = x;
            for (var n = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); n++)
            {
                term *= 2 * x * x / (2 * n + 1);
                sum += term;
            }
            return 1 - 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
        }
        if (x > 27) return 0;
        var fraction = x;
        for (var n = 120; n >= 1; n--) fraction = x + n / 2.0 / fraction;
        return Math.Exp(-x * x) / (Math.Sqrt(Math.PI) * fraction);
    }
}
