using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>Q2_K by one token. 16 rows at once, 512-bit; the arithmetic of the tiles, without a panel.</summary>
internal static unsafe class Q2_KVector512
{
    // Reads blocks × 32 weights of 16 rows, and of the token twice 32 × blocks codes and 16 × blocks bytes of notes; writes 16 floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TBits>(byte* rows, nint step, int blocks, sbyte* x, nint finer, byte* notes, float* y) where TBits : struct, IActivationBits
    {
        var fine = x + finer;
        var sum = Vector512<float>.Zero;
        var ones = Vector512.Create((short)1);
        var next = rows + Rows512.Count * step;
        for (; blocks > 0; blocks -= 8, rows += 84)
        {
            var words = Rows512.Words(rows + 80, step);
            Vector512<float> scale = Rows512.LowHalves(words), minimum = Vector512<float>.Zero - Rows512.HighHalves(words);
            for (var sub = 0; sub < 8; sub++, x += 32, fine += 32, notes += Activations.NoteBytes, next += 168)
            {
                Rows512.Prefetch(next, 3);
                Vector512<sbyte> x0 = Rows512.RepeatCoarse<TBits>(x), x1 = Rows512.RepeatCoarse<TBits>(x + 16), fine0 = Rows512.Repeat(fine), fine1 = Rows512.Repeat(fine + 16);
                Vector512<byte> u0 = Codes(rows, step, sub, 0), v0 = Codes(rows, step, sub, 16);
                Vector512<short> a0 = Avx512BW.MultiplyAddAdjacent(u0, x0), b0 = Avx512BW.MultiplyAddAdjacent(v0, x1);
                Vector512<short> c0 = Avx512BW.MultiplyAddAdjacent(u0, fine0), d0 = Avx512BW.MultiplyAddAdjacent(v0, fine1);
                Vector512<byte> u1 = Codes(rows + step, step, sub, 0), v1 = Codes(rows + step, step, sub, 16);
                Vector512<short> a1 = Avx512BW.MultiplyAddAdjacent(u1, x0), b1 = Avx512BW.MultiplyAddAdjacent(v1, x1);
                Vector512<short> c1 = Avx512BW.MultiplyAddAdjacent(u1, fine0), d1 = Avx512BW.MultiplyAddAdjacent(v1, fine1);
                Vector512<byte> u2 = Codes(rows + 2 * step, step, sub, 0), v2 = Codes(rows + 2 * step, step, sub, 16);
                Vector512<short> a2 = Avx512BW.MultiplyAddAdjacent(u2, x0), b2 = Avx512BW.MultiplyAddAdjacent(v2, x1);
                Vector512<short> c2 = Avx512BW.MultiplyAddAdjacent(u2, fine0), d2 = Avx512BW.MultiplyAddAdjacent(v2, fine1);
                Vector512<byte> u3 = Codes(rows + 3 * step, step, sub, 0), v3 = Codes(rows + 3 * step, step, sub, 16);
                Vector512<short> a3 = Avx512BW.MultiplyAddAdjacent(u3, x0), b3 = Avx512BW.MultiplyAddAdjacent(v3, x1);
                Vector512<short> c3 = Avx512BW.MultiplyAddAdjacent(u3, fine0), d3 = Avx512BW.MultiplyAddAdjacent(v3, fine1);
                short* coarse = (short*)(notes + Activations.NoteCoarse), rest = (short*)(notes + Activations.NoteFine);
                // Two bytes per row: scales in the low nibbles, minima in the high ones. No row is shorter than the four that are read.
                var groups = Rows512.Words(rows + 2 * sub, step);
                var mask = Vector512.Create(15);
                Vector512<int> first = groups & mask, second = (groups >> 8) & mask, low = (groups >> 4) & mask, high = (groups >> 12) & mask;
                var i = Rows512.Gather(a0, a1, a2, a3, ones) * first + Rows512.Gather(b0, b1, b2, b3, ones) * second;
                var j = Rows512.Gather(c0, c1, c2, c3, ones) * first + Rows512.Gather(d0, d1, d2, d3, ones) * second;
                var dot = FineSteps.Single<TBits>(i, j);
                sum = Vector512.FusedMultiplyAdd(dot * scale, Vector512.Create(*(float*)notes), sum);
                var least = FineSteps.Single<TBits>(low * coarse[0] + high * coarse[1], low * rest[0] + high * rest[1]);
                sum = Vector512.FusedMultiplyAdd(least * minimum, Vector512.Create(*(float*)notes), sum);
            }
        }
        sum.Store(y);
    }

    // Sixteen codes of every fourth row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Codes(byte* row, nint step, int sub, int half)
        => (Rows512.Load(row + 16 + 32 * (sub / 4) + half, step).AsUInt16() >> (2 * (sub & 3))).AsByte() & Vector512.Create((byte)3);
}
