using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>Q8_0 by one token. 8 rows at once, 256-bit; the arithmetic of the tiles, without a panel.</summary>
internal static unsafe class Q8_0Vector256
{
    // Reads blocks × 32 weights of 8 rows, and of the token 32 × blocks codes and 16 × blocks bytes of notes; writes 8 floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(byte* rows, nint step, int blocks, sbyte* x, byte* notes, float* y)
    {
        var sum = Vector256<float>.Zero;
        var next = rows + Rows256.Count * step;
        for (; blocks > 0; blocks--, rows += 34, next += 272, x += 32, notes += Activations.NoteBytes)
        {
            Rows256.Prefetch(next, 5);
            Vector256<sbyte> low = Rows256.Repeat(x), high = Rows256.Repeat(x + 16);
            var p0 = Dot(rows + 2, step, low) + Dot(rows + 18, step, high);
            var p1 = Dot(rows + step + 2, step, low) + Dot(rows + step + 18, step, high);
            var p2 = Dot(rows + 2 * step + 2, step, low) + Dot(rows + 2 * step + 18, step, high);
            var p3 = Dot(rows + 3 * step + 2, step, low) + Dot(rows + 3 * step + 18, step, high);
            var dot = Rows256.Gather(p0, p1, p2, p3);
            sum = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(dot) * Rows256.LowHalves(Rows256.Words(rows, step)), Vector256.Create(*(float*)notes), sum);
        }
        sum.Store(y);
    }

    // |w| times x with the sign of w: 2·128·127 fits an int16.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Dot(byte* row, nint step, Vector256<sbyte> x)
    {
        var q = Rows256.Load(row, step).AsSByte();
        return Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(Avx2.Abs(q), Avx2.Sign(x, q)), Vector256.Create((short)1));
    }
}
