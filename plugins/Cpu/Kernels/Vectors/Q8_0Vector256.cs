using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>Q8_0 by one token. 8 rows at once, 256-bit; the arithmetic of the tiles, without a panel.</summary>
internal static unsafe class Q8_0Vector256
{
    // Reads blocks × 32 weights of 8 rows, and of the token twice 32 × blocks codes and 16 × blocks bytes of notes; writes 8 floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(byte* rows, nint step, int blocks, sbyte* x, nint finer, byte* notes, float* y)
    {
        var fine = x + finer;
        var ones = Vector256.Create((short)1);
        var steps = Vector256.Create(Activations.Steps);
        var sum = Vector256<float>.Zero;
        var next = rows + Rows256.Count * step;
        for (; blocks > 0; blocks--, rows += 34, next += 272, x += 32, fine += 32, notes += Activations.NoteBytes)
        {
            Rows256.Prefetch(next, 5);
            // |w| times x with the sign of w: 2·128·127 fits an int16.
            Vector256<sbyte> x0 = Rows256.Repeat(x), x1 = Rows256.Repeat(x + 16), fine0 = Rows256.Repeat(fine), fine1 = Rows256.Repeat(fine + 16);
            Vector256<sbyte> q0 = Rows256.Load(rows + 2, step).AsSByte(), r0 = Rows256.Load(rows + 18, step).AsSByte();
            Vector256<byte> u0 = Avx2.Abs(q0), v0 = Avx2.Abs(r0);
            var c0 = Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(u0, Avx2.Sign(x0, q0)), ones)
                + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(v0, Avx2.Sign(x1, r0)), ones);
            var f0 = Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(u0, Avx2.Sign(fine0, q0)), ones)
                + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(v0, Avx2.Sign(fine1, r0)), ones);
            Vector256<sbyte> q1 = Rows256.Load(rows + step + 2, step).AsSByte(), r1 = Rows256.Load(rows + step + 18, step).AsSByte();
            Vector256<byte> u1 = Avx2.Abs(q1), v1 = Avx2.Abs(r1);
            var c1 = Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(u1, Avx2.Sign(x0, q1)), ones)
                + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(v1, Avx2.Sign(x1, r1)), ones);
            var f1 = Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(u1, Avx2.Sign(fine0, q1)), ones)
                + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(v1, Avx2.Sign(fine1, r1)), ones);
            Vector256<sbyte> q2 = Rows256.Load(rows + 2 * step + 2, step).AsSByte(), r2 = Rows256.Load(rows + 2 * step + 18, step).AsSByte();
            Vector256<byte> u2 = Avx2.Abs(q2), v2 = Avx2.Abs(r2);
            var c2 = Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(u2, Avx2.Sign(x0, q2)), ones)
                + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(v2, Avx2.Sign(x1, r2)), ones);
            var f2 = Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(u2, Avx2.Sign(fine0, q2)), ones)
                + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(v2, Avx2.Sign(fine1, r2)), ones);
            Vector256<sbyte> q3 = Rows256.Load(rows + 3 * step + 2, step).AsSByte(), r3 = Rows256.Load(rows + 3 * step + 18, step).AsSByte();
            Vector256<byte> u3 = Avx2.Abs(q3), v3 = Avx2.Abs(r3);
            var c3 = Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(u3, Avx2.Sign(x0, q3)), ones)
                + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(v3, Avx2.Sign(x1, r3)), ones);
            var f3 = Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(u3, Avx2.Sign(fine0, q3)), ones)
                + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(v3, Avx2.Sign(fine1, r3)), ones);
            var dot = Rows256.Gather(c0, c1, c2, c3) * steps + Rows256.Gather(f0, f1, f2, f3);
            sum = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(dot) * Rows256.LowHalves(Rows256.Words(rows, step)), Vector256.Create(*(float*)notes), sum);
        }
        sum.Store(y);
    }
}
