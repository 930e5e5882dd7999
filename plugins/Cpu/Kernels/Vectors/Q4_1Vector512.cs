using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>Q4_1 by one token. 16 rows at once, 512-bit; the arithmetic of the tiles, without a panel.</summary>
internal static unsafe class Q4_1Vector512
{
    // Reads blocks × 32 weights of 16 rows, and of the token twice 32 × blocks codes and 16 × blocks bytes of notes; writes 16 floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TBits>(byte* rows, nint step, int blocks, sbyte* x, nint finer, byte* notes, float* y) where TBits : struct, IActivationBits
    {
        var fine = x + finer;
        var mask = Vector512.Create((byte)15);
        var sum = Vector512<float>.Zero;
        Vector512<short> ones = Vector512.Create((short)1), steps = Vector512.Create((short)Activations.Steps);
        var next = rows + Rows512.Count * step;
        for (; blocks > 0; blocks--, rows += 20, next += 320, x += 32, fine += 32, notes += Activations.NoteBytes)
        {
            Rows512.Prefetch(next, 5);
            Vector512<sbyte> x0 = Rows512.RepeatCoarse<TBits>(x), x1 = Rows512.RepeatCoarse<TBits>(x + 16), fine0 = Rows512.Repeat(fine), fine1 = Rows512.Repeat(fine + 16);
            var q0 = Rows512.Load(rows + 4, step);
            Vector512<byte> u0 = q0 & mask, v0 = (q0.AsUInt16() >> 4).AsByte() & mask;
            var c0 = Avx512BW.MultiplyAddAdjacent(u0, x0) + Avx512BW.MultiplyAddAdjacent(v0, x1);
            var f0 = Avx512BW.MultiplyAddAdjacent(u0, fine0) + Avx512BW.MultiplyAddAdjacent(v0, fine1);
            var q1 = Rows512.Load(rows + step + 4, step);
            Vector512<byte> u1 = q1 & mask, v1 = (q1.AsUInt16() >> 4).AsByte() & mask;
            var c1 = Avx512BW.MultiplyAddAdjacent(u1, x0) + Avx512BW.MultiplyAddAdjacent(v1, x1);
            var f1 = Avx512BW.MultiplyAddAdjacent(u1, fine0) + Avx512BW.MultiplyAddAdjacent(v1, fine1);
            var q2 = Rows512.Load(rows + 2 * step + 4, step);
            Vector512<byte> u2 = q2 & mask, v2 = (q2.AsUInt16() >> 4).AsByte() & mask;
            var c2 = Avx512BW.MultiplyAddAdjacent(u2, x0) + Avx512BW.MultiplyAddAdjacent(v2, x1);
            var f2 = Avx512BW.MultiplyAddAdjacent(u2, fine0) + Avx512BW.MultiplyAddAdjacent(v2, fine1);
            var q3 = Rows512.Load(rows + 3 * step + 4, step);
            Vector512<byte> u3 = q3 & mask, v3 = (q3.AsUInt16() >> 4).AsByte() & mask;
            var c3 = Avx512BW.MultiplyAddAdjacent(u3, x0) + Avx512BW.MultiplyAddAdjacent(v3, x1);
            var f3 = Avx512BW.MultiplyAddAdjacent(u3, fine0) + Avx512BW.MultiplyAddAdjacent(v3, fine1);
            var dot = Rows512.Gather(f0, f1, f2, f3, ones);
            if (TBits.HaveCoarse) dot += Rows512.Gather(c0, c1, c2, c3, steps);
            var words = Rows512.Words(rows, step);
            sum = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(dot) * Rows512.LowHalves(words), Vector512.Create(*(float*)notes), sum);
            sum = Vector512.FusedMultiplyAdd(Rows512.HighHalves(words), Vector512.Create(*(float*)(notes + Activations.NoteSum)), sum);
        }
        sum.Store(y);
    }
}
