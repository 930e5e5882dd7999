using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>Q8_0 by one token. 16 rows at once, 512-bit; the arithmetic of the tiles, without a panel.</summary>
internal static unsafe class Q8_0Vector512
{
    // Reads blocks × 32 weights of 16 rows, and of the token 32 × blocks codes and 16 × blocks bytes of notes; writes 16 floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(byte* rows, nint step, int blocks, sbyte* x, byte* notes, float* y)
    {
        var sum = Vector512<float>.Zero;
        var next = rows + Rows512.Count * step;
        for (; blocks > 0; blocks--, rows += 34, next += 544, x += 32, notes += Activations.NoteBytes)
        {
            Rows512.Prefetch(next, 9);
            Vector512<sbyte> low = Rows512.Repeat(x), high = Rows512.Repeat(x + 16);
            Vector512<sbyte> minusLow = Vector512<sbyte>.Zero - low, minusHigh = Vector512<sbyte>.Zero - high;
            var p0 = Dot(rows + 2, step, low, minusLow) + Dot(rows + 18, step, high, minusHigh);
            var p1 = Dot(rows + step + 2, step, low, minusLow) + Dot(rows + step + 18, step, high, minusHigh);
            var p2 = Dot(rows + 2 * step + 2, step, low, minusLow) + Dot(rows + 2 * step + 18, step, high, minusHigh);
            var p3 = Dot(rows + 3 * step + 2, step, low, minusLow) + Dot(rows + 3 * step + 18, step, high, minusHigh);
            var dot = Rows512.Gather(p0, p1, p2, p3);
            sum = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(dot) * Rows512.LowHalves(Rows512.Words(rows, step)), Vector512.Create(*(float*)notes), sum);
        }
        sum.Store(y);
    }

    // |w| times x with the sign of w: 2·128·127 fits an int16.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Dot(byte* row, nint step, Vector512<sbyte> x, Vector512<sbyte> minus)
    {
        var q = Rows512.Load(row, step).AsSByte();
        var signed = Avx512BW.BlendVariable(x, minus, Avx512BW.CompareLessThan(q, Vector512<sbyte>.Zero));
        return Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(Avx512BW.Abs(q), signed), Vector512.Create((short)1));
    }
}
