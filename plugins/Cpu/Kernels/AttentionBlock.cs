using System.Runtime.CompilerServices;
using Hotplug.Cpu.Kernels.Lanes;

namespace Hotplug.Cpu.Kernels;

/// <summary>
/// Attention of query heads over a block of 32 cells: keys as <c>[element][cell]</c>, values as <c>[cell][element]</c>, floats. Online softmax (Milakov
/// and Gimelshein 2018, arXiv:1805.02867) block by block. No sum depends on which other queries share the block.
/// </summary>
internal static unsafe class AttentionBlock
{
    public const int Cells = 32;

    /// <summary>Scores of four queries: q·k without scale, 32 each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FourScores<T>(float* keys, int width, float* q0, float* q1, float* q2, float* q3, float* scores) where T : unmanaged, ILanes<T>
    {
        T a0 = T.Zero, a1 = T.Zero, b0 = T.Zero, b1 = T.Zero, c0 = T.Zero, c1 = T.Zero, d0 = T.Zero, d1 = T.Zero;
        for (var e = 0; e < width; e++, keys += Cells)
        {
            T k0 = T.Load(keys), k1 = T.Load(keys + 16);
            var q = T.Fill(q0[e]);
            a0 = T.Fma(q, k0, a0);
            a1 = T.Fma(q, k1, a1);
            q = T.Fill(q1[e]);
            b0 = T.Fma(q, k0, b0);
            b1 = T.Fma(q, k1, b1);
            q = T.Fill(q2[e]);
            c0 = T.Fma(q, k0, c0);
            c1 = T.Fma(q, k1, c1);
            q = T.Fill(q3[e]);
            d0 = T.Fma(q, k0, d0);
            d1 = T.Fma(q, k1, d1);
        }
        T.Store(a0, scores);
        T.Store(a1, scores + 16);
        T.Store(b0, scores + 32);
        T.Store(b1, scores + 48);
        T.Store(c0, scores + 64);
        T.Store(c1, scores + 80);
        T.Store(d0, scores + 96);
        T.Store(d1, scores + 112);
    }

    /// <summary>Scores of two queries: what sixteen registers hold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TwoScores<T>(float* keys, int width, float* q0, float* q1, float* scores) where T : unmanaged, ILanes<T>
    {
        T a0 = T.Zero, a1 = T.Zero, b0 = T.Zero, b1 = T.Zero;
        for (var e = 0; e < width; e++, keys += Cells)
        {
            T k0 = T.Load(keys), k1 = T.Load(keys + 16);
            var q = T.Fill(q0[e]);
            a0 = T.Fma(q, k0, a0);
            a1 = T.Fma(q, k1, a1);
            q = T.Fill(q1[e]);
            b0 = T.Fma(q, k0, b0);
            b1 = T.Fma(q, k1, b1);
        }
        T.Store(a0, scores);
        T.Store(a1, scores + 16);
        T.Store(b0, scores + 32);
        T.Store(b1, scores + 48);
    }

    /// <summary>Scores of one query.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OneScores<T>(float* keys, int width, float* query, float* scores) where T : unmanaged, ILanes<T>
    {
        T a0 = T.Zero, a1 = T.Zero;
        for (var e = 0; e < width; e++, keys += Cells)
        {
            var q = T.Fill(query[e]);
            a0 = T.Fma(q, T.Load(keys), a0);
            a1 = T.Fma(q, T.Load(keys + 16), a1);
        }
        T.Store(a0, scores);
        T.Store(a1, scores + 16);
    }

    /// <summary>
    /// Turns scores into weights relative to the new maximum, and scales what was accumulated to it. Cells outside of [low, high) weigh nothing.
    /// </summary>
    /// <returns>False if nothing is to be added.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Weigh<T>(float* scores, int low, int high, float scale, float cap, float* state, float* sum, int width) where T : unmanaged, ILanes<T>
    {
        T s0 = T.Load(scores) * T.Fill(scale), s1 = T.Load(scores + 16) * T.Fill(scale);
        if (cap != 0)
        {
            var c = T.Fill(cap);
            s0 = c * Functions.Tanh(s0 / c);
            s1 = c * Functions.Tanh(s1 / c);
        }
        if (low > 0 || high < Cells)
        {
            T none = T.Fill(float.NegativeInfinity), first = T.Ramp, second = T.Ramp + T.Fill(16f), from = T.Fill(low), to = T.Fill(high);
            s0 = T.IfLess(first, from, none, T.IfLess(first, to, s0, none));
            s1 = T.IfLess(second, from, none, T.IfLess(second, to, s1, none));
        }
        var old = state[0];
        var top = MathF.Max(old, T.Largest(T.Max(s0, s1)));
        if (float.IsNegativeInfinity(top)) return false;
        var factor = 1f;
        if (top != old)
        {
            var f = Functions.Exp(T.Fill(old - top));
            for (var e = 0; e < width; e += 16) T.Store(T.Load(sum + e) * f, sum + e);
            factor = T.Largest(f);
            state[0] = top;
        }
        var center = T.Fill(top);
        T p0 = Functions.Exp(s0 - center), p1 = Functions.Exp(s1 - center);
        T.Store(p0, scores);
        T.Store(p1, scores + 16);
        state[1] = state[1] * factor + T.Sum(p0 + p1);
        return true;
    }

    /// <summary>Adds what <paramref name="other"/> has accumulated over the cells behind: sums relative to its maximum, and (maximum, total).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Join<T>(float* state, float* sum, float* other, float* otherSum, int width) where T : unmanaged, ILanes<T>
    {
        if (float.IsNegativeInfinity(other[0])) return;
        // The exponential of an infinite difference is no number; nothing is nothing.
        var isEmpty = float.IsNegativeInfinity(state[0]);
        var top = MathF.Max(state[0], other[0]);
        T f = isEmpty ? T.Zero : Functions.Exp(T.Fill(state[0] - top)), g = Functions.Exp(T.Fill(other[0] - top));
        for (var e = 0; e < width; e += 16) T.Store(T.Fma(T.Load(otherSum + e), g, T.Load(sum + e) * f), sum + e);
        state[1] = state[1] * T.Largest(f) + other[1] * T.Largest(g);
        state[0] = top;
    }

    /// <summary>Adds weights × values of cells [low, high) for four queries; weights and sums of each lie <paramref name="stride"/> floats apart for sums, 32 for weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FourSums<T>(float* values, int width, int low, int high, float* weights, float* sums, nint stride) where T : unmanaged, ILanes<T>
    {
        var e = 0;
        for (; e <= width - 64; e += 64)
        {
            float* s = sums + e, v = values + e + (nint)low * width;
            T a0 = T.Load(s), a1 = T.Load(s + 16), a2 = T.Load(s + 32), a3 = T.Load(s + 48);
            s += stride;
            T b0 = T.Load(s), b1 = T.Load(s + 16), b2 = T.Load(s + 32), b3 = T.Load(s + 48);
            s += stride;
            T c0 = T.Load(s), c1 = T.Load(s + 16), c2 = T.Load(s + 32), c3 = T.Load(s + 48);
            s += stride;
            T d0 = T.Load(s), d1 = T.Load(s + 16), d2 = T.Load(s + 32), d3 = T.Load(s + 48);
            for (var cell = low; cell < high; cell++, v += width)
            {
                T v0 = T.Load(v), v1 = T.Load(v + 16), v2 = T.Load(v + 32), v3 = T.Load(v + 48);
                var p = T.Fill(weights[cell]);
                a0 = T.Fma(p, v0, a0); a1 = T.Fma(p, v1, a1); a2 = T.Fma(p, v2, a2); a3 = T.Fma(p, v3, a3);
                p = T.Fill(weights[cell + 32]);
                b0 = T.Fma(p, v0, b0); b1 = T.Fma(p, v1, b1); b2 = T.Fma(p, v2, b2); b3 = T.Fma(p, v3, b3);
                p = T.Fill(weights[cell + 64]);
                c0 = T.Fma(p, v0, c0); c1 = T.Fma(p, v1, c1); c2 = T.Fma(p, v2, c2); c3 = T.Fma(p, v3, c3);
                p = T.Fill(weights[cell + 96]);
                d0 = T.Fma(p, v0, d0); d1 = T.Fma(p, v1, d1); d2 = T.Fma(p, v2, d2); d3 = T.Fma(p, v3, d3);
            }
            s = sums + e;
            T.Store(a0, s); T.Store(a1, s + 16); T.Store(a2, s + 32); T.Store(a3, s + 48);
            s += stride;
            T.Store(b0, s); T.Store(b1, s + 16); T.Store(b2, s + 32); T.Store(b3, s + 48);
            s += stride;
            T.Store(c0, s); T.Store(c1, s + 16); T.Store(c2, s + 32); T.Store(c3, s + 48);
            s += stride;
            T.Store(d0, s); T.Store(d1, s + 16); T.Store(d2, s + 32); T.Store(d3, s + 48);
        }
        for (; e < width; e += 16)
        {
            float* s = sums + e, v = values + e + (nint)low * width;
            T a = T.Load(s), b = T.Load(s + stride), c = T.Load(s + 2 * stride), d = T.Load(s + 3 * stride);
            for (var cell = low; cell < high; cell++, v += width)
            {
                var x = T.Load(v);
                a = T.Fma(T.Fill(weights[cell]), x, a);
                b = T.Fma(T.Fill(weights[cell + 32]), x, b);
                c = T.Fma(T.Fill(weights[cell + 64]), x, c);
                d = T.Fma(T.Fill(weights[cell + 96]), x, d);
            }
            T.Store(a, s);
            T.Store(b, s + stride);
            T.Store(c, s + 2 * stride);
            T.Store(d, s + 3 * stride);
        }
    }

    /// <summary>Adds weights × values of cells [low, high) for two queries.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TwoSums<T>(float* values, int width, int low, int high, float* weights, float* sums, nint stride) where T : unmanaged, ILanes<T>
    {
        var e = 0;
        for (; e <= width - 32; e += 32)
        {
            float* s = sums + e, u = s + stride, v = values + e + (nint)low * width;
            T a0 = T.Load(s), a1 = T.Load(s + 16), b0 = T.Load(u), b1 = T.Load(u + 16);
            for (var cell = low; cell < high; cell++, v += width)
            {
                T v0 = T.Load(v), v1 = T.Load(v + 16);
                var p = T.Fill(weights[cell]);
                a0 = T.Fma(p, v0, a0);
                a1 = T.Fma(p, v1, a1);
                p = T.Fill(weights[cell + 32]);
                b0 = T.Fma(p, v0, b0);
                b1 = T.Fma(p, v1, b1);
            }
            T.Store(a0, s);
            T.Store(a1, s + 16);
            T.Store(b0, u);
            T.Store(b1, u + 16);
        }
        for (; e < width; e += 16)
        {
            float* s = sums + e, u = s + stride, v = values + e + (nint)low * width;
            T a = T.Load(s), b = T.Load(u);
            for (var cell = low; cell < high; cell++, v += width)
            {
                var x = T.Load(v);
                a = T.Fma(T.Fill(weights[cell]), x, a);
                b = T.Fma(T.Fill(weights[cell + 32]), x, b);
            }
            T.Store(a, s);
            T.Store(b, u);
        }
    }

    /// <summary>Adds weights × values of cells [low, high) for one query.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OneSum<T>(float* values, int width, int low, int high, float* weights, float* sums) where T : unmanaged, ILanes<T>
    {
        var e = 0;
        for (; e <= width - 64; e += 64)
        {
            float* s = sums + e, v = values + e + (nint)low * width;
            T a0 = T.Load(s), a1 = T.Load(s + 16), a2 = T.Load(s + 32), a3 = T.Load(s + 48);
            for (var cell = low; cell < high; cell++, v += width)
            {
                var p = T.Fill(weights[cell]);
                a0 = T.Fma(p, T.Load(v), a0);
                a1 = T.Fma(p, T.Load(v + 16), a1);
                a2 = T.Fma(p, T.Load(v + 32), a2);
                a3 = T.Fma(p, T.Load(v + 48), a3);
            }
            T.Store(a0, s);
            T.Store(a1, s + 16);
            T.Store(a2, s + 32);
            T.Store(a3, s + 48);
        }
        for (; e < width; e += 16)
        {
            var v = values + e + (nint)low * width;
            var a = T.Load(sums + e);
            for (var cell = low; cell < high; cell++, v += width) a = T.Fma(T.Fill(weights[cell]), T.Load(v), a);
            T.Store(a, sums + e);
        }
    }
}
