using System.Runtime.CompilerServices;
using Hotplug.Cpu.Kernels.Lanes;

namespace Hotplug.Cpu.Kernels;

/// <summary>
/// Elementary functions over sixteen lanes. The polynomials are Chebyshev fits made for this project: exp to 1e-8 relative, tanh and erf to 1e-7,
/// before the rounding of the float operations.
/// </summary>
internal static class Functions
{
    /// <summary>e^x; 0 below −87.3 and capped at e^88.3, so that 2^n stays a float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x) where T : unmanaged, ILanes<T>
    {
        var clamped = T.Max(T.Min(x, T.Fill(88.3f)), T.Fill(-87.3f));
        var n = T.Round(clamped * T.Fill(1.44269504f));
        // ln 2 in two parts, so that the first product is exact.
        var r = T.Fma(n, T.Fill(-0.693359375f), clamped);
        r = T.Fma(n, T.Fill(2.12194440e-4f), r);
        var p = T.Fill(0.0013926926614f);
        p = T.Fma(p, r, T.Fill(0.00836377387441f));
        p = T.Fma(p, r, T.Fill(0.0416665501103f));
        p = T.Fma(p, r, T.Fill(0.166665733819f));
        p = T.Fma(p, r, T.Fill(0.5f));
        p = T.Fma(p, r * r, r) + T.Fill(1f);
        return T.IfLess(x, T.Fill(-87.3f), T.Zero, T.Scale2(p, n));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sigmoid<T>(T x) where T : unmanaged, ILanes<T> => T.Fill(1f) / (T.Fill(1f) + Exp(T.Zero - x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh<T>(T x) where T : unmanaged, ILanes<T>
    {
        var size = T.Abs(x);
        var z = x * x;
        var p = T.Fill(-0.00592372620602f);
        p = T.Fma(p, z, T.Fill(0.0208734605776f));
        p = T.Fma(p, z, T.Fill(-0.0538237588699f));
        p = T.Fma(p, z, T.Fill(0.133325837052f));
        p = T.Fma(p, z, T.Fill(-0.333333270206f));
        var small = T.Fma(p * z, x, x);
        var large = T.CopySign(T.Fill(1f) - T.Fill(2f) / (Exp(size + size) + T.Fill(1f)), x);
        return T.IfLess(size, T.Fill(0.625f), small, large);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Erf<T>(T x) where T : unmanaged, ILanes<T>
    {
        var size = T.Abs(x);
        var z = x * x;
        var p = T.Fill(-9.66704457149e-6f);
        p = T.Fma(p, z, T.Fill(0.000112659590256f));
        p = T.Fma(p, z, T.Fill(-0.000848408040554f));
        p = T.Fma(p, z, T.Fill(0.00522103180786f));
        p = T.Fma(p, z, T.Fill(-0.0268654307277f));
        p = T.Fma(p, z, T.Fill(0.112837824952f));
        p = T.Fma(p, z, T.Fill(-0.37612638468f));
        p = T.Fma(p, z, T.Fill(1.12837916706f));
        // Beyond 1 by erf x = 1 − e^(−x²)·q(1 / (1 + x/2)); beyond 6 it is 1 in every float.
        var capped = T.Min(size, T.Fill(6f));
        var t = T.Fill(1f) / T.Fma(capped, T.Fill(0.5f), T.Fill(1f));
        var q = T.Fill(0.0454695136111f);
        q = T.Fma(q, t, T.Fill(-0.0592596130667f));
        q = T.Fma(q, t, T.Fill(-0.167081544723f));
        q = T.Fma(q, t, T.Fill(0.270151936446f));
        q = T.Fma(q, t, T.Fill(0.0712717223744f));
        q = T.Fma(q, t, T.Fill(0.281668589178f));
        q = T.Fma(q, t, T.Fill(0.275167306678f));
        q = T.Fma(q, t, T.Fill(0.2828620675f));
        q = T.Fma(q, t, T.Fill(-3.64885979788e-5f));
        var large = T.CopySign(T.Fill(1f) - Exp(T.Zero - capped * capped) * q, x);
        return T.IfLess(size, T.Fill(1f), p * x, large);
    }
}
