using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>Q4_1 by one token. 8 rows at once, 256-bit; the arithmetic of the tiles, without a panel.</summary>
internal static unsafe class Q4_1Vector256
{
    // Reads blocks × 32 weights of 8 rows, and of the token 32 × blocks codes and 16 × blocks bytes of notes; writes 8 floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(byte* rows, nint step, int blocks, sbyte* x, byte* notes, float* y)
    {
        var mask = Vector256.Create((byte)15);
        var sum = Vector256<float>.Zero;
        var next = rows + Rows256.Count * step;
        for (; blocks > 0; blocks--, rows += 20, next += 160, x += 32, notes += Activations.NoteBytes)
        {
            Rows256.Prefetch(next, 3);
            Vector256<sbyte> low = Rows256.Repeat(x), high = Rows256.Repeat(x + 16);
            var q0 = Rows256.Load(rows + 4, step);
            var p0 = Avx2.MultiplyAddAdjacent(q0 & mask, low) + Avx2.MultiplyAddAdjacent((q0.AsUInt16() >> 4).AsByte() & mask, high);
            var q1 = Rows256.Load(rows + step + 4, step);
            var p1 = Avx2.MultiplyAddAdjacent(q1 & mask, low) + Avx2.MultiplyAddAdjacent((q1.AsUInt16() >> 4).AsByte() & mask, high);
            var q2 = Rows256.Load(rows + 2 * step + 4, step);
            var p2 = Avx2.MultiplyAddAdjacent(q2 & mask, low) + Avx2.MultiplyAddAdjacent((q2.AsUInt16() >> 4).AsByte() & mask, high);
            var q3 = Rows256.Load(rows + 3 * step + 4, step);
            var p3 = Avx2.MultiplyAddAdjacent(q3 & mask, low) + Avx2.MultiplyAddAdjacent((q3.AsUInt16() >> 4).AsByte() & mask, high);
            var dot = Rows256.Gather(p0, p1, p2, p3);
            var words = Rows256.Words(rows, step);
            sum = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(dot) * Rows256.LowHalves(words), Vector256.Create(*(float*)notes), sum);
            sum = Vector256.FusedMultiplyAdd(Rows256.HighHalves(words), Vector256.Create(*(float*)(notes + Activations.NoteSum)), sum);
        }
        sum.Store(y);
    }
}
