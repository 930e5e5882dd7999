using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>Q4_1 by one token. 16 rows at once, 512-bit; the arithmetic of the tiles, without a panel.</summary>
internal static unsafe class Q4_1Vector512
{
    // Reads blocks × 32 weights of 16 rows, and of the token 32 × blocks codes and 16 × blocks bytes of notes; writes 16 floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(byte* rows, nint step, int blocks, sbyte* x, byte* notes, float* y)
    {
        var mask = Vector512.Create((byte)15);
        var sum = Vector512<float>.Zero;
        var next = rows + Rows512.Count * step;
        for (; blocks > 0; blocks--, rows += 20, next += 320, x += 32, notes += Activations.NoteBytes)
        {
            Rows512.Prefetch(next, 5);
            Vector512<sbyte> low = Rows512.Repeat(x), high = Rows512.Repeat(x + 16);
            var q0 = Rows512.Load(rows + 4, step);
            var p0 = Avx512BW.MultiplyAddAdjacent(q0 & mask, low) + Avx512BW.MultiplyAddAdjacent((q0.AsUInt16() >> 4).AsByte() & mask, high);
            var q1 = Rows512.Load(rows + step + 4, step);
            var p1 = Avx512BW.MultiplyAddAdjacent(q1 & mask, low) + Avx512BW.MultiplyAddAdjacent((q1.AsUInt16() >> 4).AsByte() & mask, high);
            var q2 = Rows512.Load(rows + 2 * step + 4, step);
            var p2 = Avx512BW.MultiplyAddAdjacent(q2 & mask, low) + Avx512BW.MultiplyAddAdjacent((q2.AsUInt16() >> 4).AsByte() & mask, high);
            var q3 = Rows512.Load(rows + 3 * step + 4, step);
            var p3 = Avx512BW.MultiplyAddAdjacent(q3 & mask, low) + Avx512BW.MultiplyAddAdjacent((q3.AsUInt16() >> 4).AsByte() & mask, high);
            var dot = Rows512.Gather(p0, p1, p2, p3);
            var words = Rows512.Words(rows, step);
            sum = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(dot) * Rows512.LowHalves(words), Vector512.Create(*(float*)notes), sum);
            sum = Vector512.FusedMultiplyAdd(Rows512.HighHalves(words), Vector512.Create(*(float*)(notes + Activations.NoteSum)), sum);
        }
        sum.Store(y);
    }
}
