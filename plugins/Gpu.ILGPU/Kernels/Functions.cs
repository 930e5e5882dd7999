namespace Hotplug.Gpu.Kernels;

/// <summary>
/// Elementary functions of single precision, for kernels and the host alike. Each is additions, products and at most two divisions over Chebyshev fits made
/// for this project (exp to 1e-8 relative, tanh and erf to 1e-7), so that no device's library has a say; a device may contract a product and a sum or divide less
/// exactly, which is the last bit or two. Not a number stays not a number. They are the functions of the Cpu plugin, with subnormal results and infinity kept.
/// </summary>
internal static class Functions
{
    /// <summary>e^x, within 2⁻²³ of itself: 0 below about −103.97, subnormal above that, infinite above about 88.72.</summary>
    public static float Exp(float x)
    {
        // Beyond these the result is 0 or infinite anyway, and 2ⁿ below stays a product of two floats.
        var clamped = x > 89f ? 89f : x < -105f ? -105f : x;
        var n = MathF.Floor(clamped * 1.44269504f + 0.5f);
        // ln 2 in two parts; the first product is exact, fused or not.
        var r = clamped - n * 0.693359375f;
        r += n * 2.12194440e-4f;
        var p = 0.0013926926614f * r + 0.00836377387441f;
        p = p * r + 0.0416665501103f;
        p = p * r + 0.166665733819f;
        p = p * r + 0.5f;
        p = p * (r * r) + r + 1f;
        // In two steps: 2ⁿ itself may be too large or too small for a float when the result is not.
        var exponent = (int)n;
        var half = exponent >> 1;
        return p * PowerOfTwo(half) * PowerOfTwo(exponent - half);
    }

    /// <summary>1 / (1 + e^−x), from 0 to 1.</summary>
    public static float Sigmoid(float x) => 1f / (1f + Exp(-x));

    /// <summary>tanh x, within 2⁻²³ of itself up to 0.625 and absolutely beyond; the sign of zero is kept.</summary>
    public static float Tanh(float x)
    {
        var size = MathF.Abs(x);
        if (size < 0.625f)
        {
            var z = x * x;
            var p = -0.00592372620602f * z + 0.0208734605776f;
            p = p * z - 0.0538237588699f;
            p = p * z + 0.133325837052f;
            p = p * z - 0.333333270206f;
            return (p * z + 1f) * x;
        }
        var large = 1f - 2f / (Exp(size + size) + 1f);
        return x < 0f ? -large : large;
    }

    /// <summary>erf x, within 2⁻²³ of itself up to 1 and absolutely beyond; ±1 from 4 on.</summary>
    public static float Erf(float x)
    {
        var size = MathF.Abs(x);
        if (size < 1f)
        {
            var z = x * x;
            var p = -9.66704457149e-6f * z + 0.000112659590256f;
            p = p * z - 0.000848408040554f;
            p = p * z + 0.00522103180786f;
            p = p * z - 0.0268654307277f;
            p = p * z + 0.112837824952f;
            p = p * z - 0.37612638468f;
            p = p * z + 1.12837916706f;
            return p * x;
        }
        // 1 − e^(−x²)·q(1 / (1 + x/2)); beyond 6 it is 1 in every float.
        var capped = size > 6f ? 6f : size;
        var t = 1f / (capped * 0.5f + 1f);
        var q = 0.0454695136111f * t - 0.0592596130667f;
        q = q * t - 0.167081544723f;
        q = q * t + 0.270151936446f;
        q = q * t + 0.0712717223744f;
        q = q * t + 0.281668589178f;
        q = q * t + 0.275167306678f;
        q = q * t + 0.2828620675f;
        q = q * t - 3.64885979788e-5f;
        var large = 1f - Exp(-capped * capped) * q;
        return x < 0f ? -large : large;
    }

    /// <summary>2ⁿ for −126 ≤ n ≤ 127.</summary>
    private static float PowerOfTwo(int n) => BitConverter.Int32BitsToSingle((n + 127) << 23);
}
