using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>Q8_0 by one token. 8 rows at once, 256-bit; the arithmetic of the tiles, without a panel.</summary>
internal static unsafe class Q8_0Vector256
{
    // Reads blocks × 32 weights of 8 rows, and of the token twice 32 × blocks codes and 16 × blocks bytes of notes; writes 8 floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TBits>(byte* rows, nint step, int blocks, sbyte* x, nint finer, byte* notes, float* y) where TBits : struct, IActivationBits
    {
        var sum = Vector256<float>.Zero;
        var next = Rows256.FirstLine(rows + Rows256.Count * step);
        for (; blocks > 0; blocks--, rows += 34, x += 32, notes += Activations.NoteBytes)
        {
            // A few lines at a time: more at once are waited for. 17 in four blocks.
            Rows256.Prefetch(next, 2);
            Vector256<int> dot0 = Products<TBits>(rows + 2, step, x, finer), dot1 = Products<TBits>(rows + step + 2, step, x, finer);
            Rows256.Prefetch(next + 128, 2);
            var dot2 = Products<TBits>(rows + 2 * step + 2, step, x, finer);
            if ((blocks & 3) == 0)
            {
                Rows256.Prefetch(next + 256, 1);
                next += 64;
            }
            next += 256;
            var dot = Rows256.Gather(dot0, dot1, dot2, Products<TBits>(rows + 3 * step + 2, step, x, finer));
            sum = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(dot) * Rows256.LowHalves(Rows256.Words(rows, step)), Vector256.Create(*(float*)notes), sum);
        }
        sum.Store(y);
    }

    // Of every fourth row; |w| times x with the sign of w: 2·128·127 fits an int16.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Products<TBits>(byte* row, nint step, sbyte* x, nint finer) where TBits : struct, IActivationBits
    {
        Vector256<short> ones = Vector256.Create((short)1), steps = Vector256.Create((short)Activations.Steps);
        Vector256<sbyte> q = Rows256.Load(row, step).AsSByte(), r = Rows256.Load(row + 16, step).AsSByte();
        Vector256<byte> u = Avx2.Abs(q), v = Avx2.Abs(r);
        var fine = Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(u, Avx2.Sign(Rows256.Repeat(x + finer), q)), ones)
            + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(v, Avx2.Sign(Rows256.Repeat(x + finer + 16), r)), ones);
        return !TBits.HaveCoarse ? fine
            : fine + (Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(u, Avx2.Sign(Rows256.Repeat(x), q)), steps)
                + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(v, Avx2.Sign(Rows256.Repeat(x + 16), r)), steps));
    }
}
