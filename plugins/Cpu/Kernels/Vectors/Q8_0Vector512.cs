using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>Q8_0 by one token. 16 rows at once, 512-bit; the arithmetic of the tiles, without a panel.</summary>
internal static unsafe class Q8_0Vector512
{
    // Reads blocks × 32 weights of 16 rows, and of the token twice 32 × blocks codes and 16 × blocks bytes of notes; writes 16 floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TBits>(byte* rows, nint step, int blocks, sbyte* x, nint finer, byte* notes, float* y) where TBits : struct, IActivationBits
    {
        var fine = x + finer;
        var ones = Vector512.Create((short)1);
        var steps = Vector512.Create(Activations.Steps);
        var zero = Vector512<sbyte>.Zero;
        var sum = Vector512<float>.Zero;
        var next = rows + Rows512.Count * step;
        for (; blocks > 0; blocks--, rows += 34, next += 544, x += 32, fine += 32, notes += Activations.NoteBytes)
        {
            Rows512.Prefetch(next, 9);
            // |w| times x with the sign of w: 2·128·127 fits an int16.
            Vector512<sbyte> x0 = Rows512.RepeatCoarse<TBits>(x), x1 = Rows512.RepeatCoarse<TBits>(x + 16), fine0 = Rows512.Repeat(fine), fine1 = Rows512.Repeat(fine + 16);
            Vector512<sbyte> minus0 = zero - x0, minus1 = zero - x1, minusFine0 = zero - fine0, minusFine1 = zero - fine1;
            Vector512<sbyte> q0 = Rows512.Load(rows + 2, step).AsSByte(), r0 = Rows512.Load(rows + 18, step).AsSByte();
            Vector512<byte> u0 = Avx512BW.Abs(q0), v0 = Avx512BW.Abs(r0);
            Vector512<sbyte> sign0 = Avx512BW.CompareLessThan(q0, zero), tail0 = Avx512BW.CompareLessThan(r0, zero);
            var c0 = Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(u0, Avx512BW.BlendVariable(x0, minus0, sign0)), ones)
                + Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(v0, Avx512BW.BlendVariable(x1, minus1, tail0)), ones);
            var f0 = Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(u0, Avx512BW.BlendVariable(fine0, minusFine0, sign0)), ones)
                + Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(v0, Avx512BW.BlendVariable(fine1, minusFine1, tail0)), ones);
            Vector512<sbyte> q1 = Rows512.Load(rows + step + 2, step).AsSByte(), r1 = Rows512.Load(rows + step + 18, step).AsSByte();
            Vector512<byte> u1 = Avx512BW.Abs(q1), v1 = Avx512BW.Abs(r1);
            Vector512<sbyte> sign1 = Avx512BW.CompareLessThan(q1, zero), tail1 = Avx512BW.CompareLessThan(r1, zero);
            var c1 = Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(u1, Avx512BW.BlendVariable(x0, minus0, sign1)), ones)
                + Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(v1, Avx512BW.BlendVariable(x1, minus1, tail1)), ones);
            var f1 = Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(u1, Avx512BW.BlendVariable(fine0, minusFine0, sign1)), ones)
                + Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(v1, Avx512BW.BlendVariable(fine1, minusFine1, tail1)), ones);
            Vector512<sbyte> q2 = Rows512.Load(rows + 2 * step + 2, step).AsSByte(), r2 = Rows512.Load(rows + 2 * step + 18, step).AsSByte();
            Vector512<byte> u2 = Avx512BW.Abs(q2), v2 = Avx512BW.Abs(r2);
            Vector512<sbyte> sign2 = Avx512BW.CompareLessThan(q2, zero), tail2 = Avx512BW.CompareLessThan(r2, zero);
            var c2 = Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(u2, Avx512BW.BlendVariable(x0, minus0, sign2)), ones)
                + Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(v2, Avx512BW.BlendVariable(x1, minus1, tail2)), ones);
            var f2 = Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(u2, Avx512BW.BlendVariable(fine0, minusFine0, sign2)), ones)
                + Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(v2, Avx512BW.BlendVariable(fine1, minusFine1, tail2)), ones);
            Vector512<sbyte> q3 = Rows512.Load(rows + 3 * step + 2, step).AsSByte(), r3 = Rows512.Load(rows + 3 * step + 18, step).AsSByte();
            Vector512<byte> u3 = Avx512BW.Abs(q3), v3 = Avx512BW.Abs(r3);
            Vector512<sbyte> sign3 = Avx512BW.CompareLessThan(q3, zero), tail3 = Avx512BW.CompareLessThan(r3, zero);
            var c3 = Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(u3, Avx512BW.BlendVariable(x0, minus0, sign3)), ones)
                + Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(v3, Avx512BW.BlendVariable(x1, minus1, tail3)), ones);
            var f3 = Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(u3, Avx512BW.BlendVariable(fine0, minusFine0, sign3)), ones)
                + Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(v3, Avx512BW.BlendVariable(fine1, minusFine1, tail3)), ones);
            var dot = Rows512.Gather(f0, f1, f2, f3);
            if (TBits.HaveCoarse) dot += Rows512.Gather(c0, c1, c2, c3) * steps;
            sum = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(dot) * Rows512.LowHalves(Rows512.Words(rows, step)), Vector512.Create(*(float*)notes), sum);
        }
        sum.Store(y);
    }
}
