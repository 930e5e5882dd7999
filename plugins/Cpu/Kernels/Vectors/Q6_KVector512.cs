using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>Q6_K by one token. 16 rows at once, 512-bit; the arithmetic of the tiles, without a panel.</summary>
internal static unsafe class Q6_KVector512
{
    // Reads blocks × 32 weights of 16 rows, and of the token twice 32 × blocks codes and 16 × blocks bytes of notes; writes 16 floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TBits>(byte* rows, nint step, int blocks, sbyte* x, nint finer, byte* notes, float* y) where TBits : struct, IActivationBits
    {
        var fine = x + finer;
        var sum = Vector512<float>.Zero;
        var next = rows + Rows512.Count * step;
        for (; blocks > 0; blocks -= 8, rows += 210)
        {
            var scale = Rows512.LowHalves(Rows512.Words(rows + 206, step) >> 16);
            for (var sub = 0; sub < 8; sub++, x += 32, fine += 32, notes += Activations.NoteBytes, next += 420)
            {
                Rows512.Prefetch(next, 7);
                // The order of the parts: see Q6_KPanel.
                int low = 64 * (sub / 4) + 32 * (sub & 1), high = 128 + 32 * (sub / 4), shift = 2 * (sub & 3), nibble = 4 * ((sub >> 1) & 1);
                Vector512<sbyte> x0 = Rows512.RepeatCoarse<TBits>(x), x1 = Rows512.RepeatCoarse<TBits>(x + 16), fine0 = Rows512.Repeat(fine), fine1 = Rows512.Repeat(fine + 16);
                var row0 = rows;
                Vector512<byte> u0 = Codes(row0 + low, row0 + high, step, nibble, shift), v0 = Codes(row0 + low + 16, row0 + high + 16, step, nibble, shift);
                Vector512<short> a0 = Avx512BW.MultiplyAddAdjacent(u0, x0), b0 = Avx512BW.MultiplyAddAdjacent(v0, x1);
                Vector512<short> c0 = Avx512BW.MultiplyAddAdjacent(u0, fine0), d0 = Avx512BW.MultiplyAddAdjacent(v0, fine1);
                var row1 = rows + step;
                Vector512<byte> u1 = Codes(row1 + low, row1 + high, step, nibble, shift), v1 = Codes(row1 + low + 16, row1 + high + 16, step, nibble, shift);
                Vector512<short> a1 = Avx512BW.MultiplyAddAdjacent(u1, x0), b1 = Avx512BW.MultiplyAddAdjacent(v1, x1);
                Vector512<short> c1 = Avx512BW.MultiplyAddAdjacent(u1, fine0), d1 = Avx512BW.MultiplyAddAdjacent(v1, fine1);
                var row2 = rows + 2 * step;
                Vector512<byte> u2 = Codes(row2 + low, row2 + high, step, nibble, shift), v2 = Codes(row2 + low + 16, row2 + high + 16, step, nibble, shift);
                Vector512<short> a2 = Avx512BW.MultiplyAddAdjacent(u2, x0), b2 = Avx512BW.MultiplyAddAdjacent(v2, x1);
                Vector512<short> c2 = Avx512BW.MultiplyAddAdjacent(u2, fine0), d2 = Avx512BW.MultiplyAddAdjacent(v2, fine1);
                var row3 = rows + 3 * step;
                Vector512<byte> u3 = Codes(row3 + low, row3 + high, step, nibble, shift), v3 = Codes(row3 + low + 16, row3 + high + 16, step, nibble, shift);
                Vector512<short> a3 = Avx512BW.MultiplyAddAdjacent(u3, x0), b3 = Avx512BW.MultiplyAddAdjacent(v3, x1);
                Vector512<short> c3 = Avx512BW.MultiplyAddAdjacent(u3, fine0), d3 = Avx512BW.MultiplyAddAdjacent(v3, fine1);
                var scales = Rows512.Words(rows + 192 + 2 * sub, step);
                Vector512<int> first = (scales << 24) >> 24, second = (scales << 16) >> 24;
                short* coarse = (short*)(notes + Activations.NoteCoarse), rest = (short*)(notes + Activations.NoteFine);
                var i = (Rows512.GatherWide(a0, a1, a2, a3) - Vector512.Create(32 * coarse[0])) * first + (Rows512.GatherWide(b0, b1, b2, b3) - Vector512.Create(32 * coarse[1])) * second;
                var j = (Rows512.GatherWide(c0, c1, c2, c3) - Vector512.Create(32 * rest[0])) * first + (Rows512.GatherWide(d0, d1, d2, d3) - Vector512.Create(32 * rest[1])) * second;
                var dot = FineSteps.Single<TBits>(i, j);
                sum = Vector512.FusedMultiplyAdd(dot * scale, Vector512.Create(*(float*)notes), sum);
            }
        }
        sum.Store(y);
    }

    // Sixteen codes of every fourth row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Codes(byte* low, byte* high, nint step, int nibble, int shift)
    {
        var nibbles = (Rows512.Load(low, step).AsUInt16() >> nibble).AsByte() & Vector512.Create((byte)15);
        return nibbles | (((Rows512.Load(high, step).AsUInt16() >> shift) & Vector512.Create((ushort)0x0303)) << 4).AsByte();
    }
}
