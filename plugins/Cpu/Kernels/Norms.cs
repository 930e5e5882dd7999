using System.Runtime.CompilerServices;
using Hotplug.Cpu.Kernels.Lanes;

namespace Hotplug.Cpu.Kernels;

/// <summary>Operations over one row.</summary>
internal static unsafe class Norms
{
    /// <summary>y = x / √(mean(x²) + ε) · w.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rms<T>(float* x, float* w, float* y, int d, float epsilon) where T : unmanaged, ILanes<T>
        => Scaled<T>(x, w, y, d, 1f / MathF.Sqrt(SumOfSquares<T>(x, d) / d + epsilon));

    /// <summary>y = x / max(√Σx², ε).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unit<T>(float* x, float* y, int d, float epsilon) where T : unmanaged, ILanes<T>
        => Scaled<T>(x, null, y, d, 1f / MathF.Max(MathF.Sqrt(SumOfSquares<T>(x, d)), epsilon));

    /// <summary>y = (x − mean) / √(var + ε) · w + b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Layer<T>(float* x, float* w, float* b, float* y, int d, float epsilon) where T : unmanaged, ILanes<T>
    {
        var sum = T.Zero;
        var i = 0;
        for (; i <= d - 16; i += 16) sum += T.Load(x + i);
        if (i < d) sum += Rows.Load<T>(x + i, d - i);
        var mean = T.Sum(sum) / d;
        var center = T.Fill(mean);
        sum = T.Zero;
        for (i = 0; i <= d - 16; i += 16)
        {
            var v = T.Load(x + i) - center;
            sum = T.Fma(v, v, sum);
        }
        if (i < d)
        {
            var v = Rows.Load<T>(x + i, d - i, mean) - center;
            sum = T.Fma(v, v, sum);
        }
        var factor = T.Fill(1f / MathF.Sqrt(T.Sum(sum) / d + epsilon));
        for (i = 0; i <= d - 16; i += 16)
        {
            var v = (T.Load(x + i) - center) * factor;
            if (w != null) v *= T.Load(w + i);
            if (b != null) v += T.Load(b + i);
            T.Store(v, y + i);
        }
        if (i < d)
        {
            var v = (Rows.Load<T>(x + i, d - i) - center) * factor;
            if (w != null) v *= Rows.Load<T>(w + i, d - i);
            if (b != null) v += Rows.Load<T>(b + i, d - i);
            Rows.Store(v, y + i, d - i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Softmax<T>(float* x, float* y, int d) where T : unmanaged, ILanes<T>
    {
        if (d == 0) return;
        var top = T.Fill(float.NegativeInfinity);
        var i = 0;
        for (; i <= d - 16; i += 16) top = T.Max(top, T.Load(x + i));
        if (i < d) top = T.Max(top, Rows.Load<T>(x + i, d - i, float.NegativeInfinity));
        var largest = T.Fill(T.Largest(top));
        var sum = T.Zero;
        for (i = 0; i <= d - 16; i += 16)
        {
            var e = Functions.Exp(T.Load(x + i) - largest);
            T.Store(e, y + i);
            sum += e;
        }
        if (i < d)
        {
            var e = Functions.Exp(Rows.Load<T>(x + i, d - i, float.NegativeInfinity) - largest);
            Rows.Store(e, y + i, d - i);
            sum += e;
        }
        Scaled<T>(y, null, y, d, 1f / T.Sum(sum));
    }

    /// <summary>The lowest index of the largest element, and the element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int ArgMax<T>(float* x, int d, out float value) where T : unmanaged, ILanes<T>
    {
        value = float.NegativeInfinity;
        var index = 0;
        var i = 0;
        for (; i <= d - 16; i += 16)
        {
            if (T.Largest(T.Load(x + i)) <= value) continue;
            for (var j = i; j < i + 16; j++)
                if (x[j] > value) (value, index) = (x[j], j);
        }
        for (; i < d; i++)
            if (x[i] > value) (value, index) = (x[i], i);
        return index;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float SumOfSquares<T>(float* x, int d) where T : unmanaged, ILanes<T>
    {
        var sum = T.Zero;
        var i = 0;
        for (; i <= d - 16; i += 16)
        {
            var v = T.Load(x + i);
            sum = T.Fma(v, v, sum);
        }
        if (i < d)
        {
            var v = Rows.Load<T>(x + i, d - i);
            sum = T.Fma(v, v, sum);
        }
        return T.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scaled<T>(float* x, float* w, float* y, int d, float factor) where T : unmanaged, ILanes<T>
    {
        var f = T.Fill(factor);
        var i = 0;
        if (w == null)
        {
            for (; i <= d - 16; i += 16) T.Store(T.Load(x + i) * f, y + i);
            for (; i < d; i++) y[i] = x[i] * factor;
            return;
        }
        for (; i <= d - 16; i += 16) T.Store(T.Load(x + i) * f * T.Load(w + i), y + i);
        for (; i < d; i++) y[i] = x[i] * factor * w[i];
    }
}
