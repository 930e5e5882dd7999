using System.Runtime.CompilerServices;
using Hotplug.Cpu.Kernels.Lanes;

namespace Hotplug.Cpu.Kernels.Tiles;

/// <summary>
/// Four rows of floats by float activations. Per output sixteen partial sums, element i in lane i mod 16, added by halving; the last k mod 16 elements
/// follow one by one. Every tile shape does the same.
/// </summary>
internal static unsafe class FloatTile
{
    public const int Rows = 4;

    // Reads Rows × k floats of the panel and k floats of each token; writes Rows floats per token.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four<T>(byte* panel, int k, byte* x, nint finer, byte* notes, nint stride, float* y, nint yStride) where T : unmanaged, ILanes<T>
    {
        float* w0 = (float*)panel, w1 = w0 + k, w2 = w1 + k, w3 = w2 + k;
        float* x0 = (float*)x, x1 = (float*)(x + stride), x2 = (float*)(x + 2 * stride), x3 = (float*)(x + 3 * stride);
        T a00 = T.Zero, a01 = T.Zero, a02 = T.Zero, a03 = T.Zero, a10 = T.Zero, a11 = T.Zero, a12 = T.Zero, a13 = T.Zero;
        T a20 = T.Zero, a21 = T.Zero, a22 = T.Zero, a23 = T.Zero, a30 = T.Zero, a31 = T.Zero, a32 = T.Zero, a33 = T.Zero;
        var i = 0;
        for (; i <= k - 16; i += 16)
        {
            T v0 = T.Load(x0 + i), v1 = T.Load(x1 + i), v2 = T.Load(x2 + i), v3 = T.Load(x3 + i);
            var w = T.Load(w0 + i);
            a00 = T.Fma(w, v0, a00); a01 = T.Fma(w, v1, a01); a02 = T.Fma(w, v2, a02); a03 = T.Fma(w, v3, a03);
            w = T.Load(w1 + i);
            a10 = T.Fma(w, v0, a10); a11 = T.Fma(w, v1, a11); a12 = T.Fma(w, v2, a12); a13 = T.Fma(w, v3, a13);
            w = T.Load(w2 + i);
            a20 = T.Fma(w, v0, a20); a21 = T.Fma(w, v1, a21); a22 = T.Fma(w, v2, a22); a23 = T.Fma(w, v3, a23);
            w = T.Load(w3 + i);
            a30 = T.Fma(w, v0, a30); a31 = T.Fma(w, v1, a31); a32 = T.Fma(w, v2, a32); a33 = T.Fma(w, v3, a33);
        }
        y[0] = Tail(T.Sum(a00), w0, x0, i, k);
        y[1] = Tail(T.Sum(a10), w1, x0, i, k);
        y[2] = Tail(T.Sum(a20), w2, x0, i, k);
        y[3] = Tail(T.Sum(a30), w3, x0, i, k);
        y += yStride;
        y[0] = Tail(T.Sum(a01), w0, x1, i, k);
        y[1] = Tail(T.Sum(a11), w1, x1, i, k);
        y[2] = Tail(T.Sum(a21), w2, x1, i, k);
        y[3] = Tail(T.Sum(a31), w3, x1, i, k);
        y += yStride;
        y[0] = Tail(T.Sum(a02), w0, x2, i, k);
        y[1] = Tail(T.Sum(a12), w1, x2, i, k);
        y[2] = Tail(T.Sum(a22), w2, x2, i, k);
        y[3] = Tail(T.Sum(a32), w3, x2, i, k);
        y += yStride;
        y[0] = Tail(T.Sum(a03), w0, x3, i, k);
        y[1] = Tail(T.Sum(a13), w1, x3, i, k);
        y[2] = Tail(T.Sum(a23), w2, x3, i, k);
        y[3] = Tail(T.Sum(a33), w3, x3, i, k);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One<T>(byte* panel, int k, byte* x, nint finer, byte* notes, nint stride, float* y, nint yStride) where T : unmanaged, ILanes<T>
    {
        float* w0 = (float*)panel, w1 = w0 + k, w2 = w1 + k, w3 = w2 + k, x0 = (float*)x;
        T a0 = T.Zero, a1 = T.Zero, a2 = T.Zero, a3 = T.Zero;
        var i = 0;
        for (; i <= k - 16; i += 16)
        {
            var v = T.Load(x0 + i);
            a0 = T.Fma(T.Load(w0 + i), v, a0);
            a1 = T.Fma(T.Load(w1 + i), v, a1);
            a2 = T.Fma(T.Load(w2 + i), v, a2);
            a3 = T.Fma(T.Load(w3 + i), v, a3);
        }
        y[0] = Tail(T.Sum(a0), w0, x0, i, k);
        y[1] = Tail(T.Sum(a1), w1, x0, i, k);
        y[2] = Tail(T.Sum(a2), w2, x0, i, k);
        y[3] = Tail(T.Sum(a3), w3, x0, i, k);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Tail(float sum, float* w, float* x, int i, int k)
    {
        for (; i < k; i++) sum = MathF.FusedMultiplyAdd(w[i], x[i], sum);
        return sum;
    }
}
