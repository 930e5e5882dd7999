using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>Q6_K by one token. 8 rows at once, 256-bit; the arithmetic of the tiles, without a panel.</summary>
internal static unsafe class Q6_KVector256
{
    // Reads blocks × 32 weights of 8 rows, and of the token twice 32 × blocks codes and 16 × blocks bytes of notes; writes 8 floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(byte* rows, nint step, int blocks, sbyte* x, nint finer, byte* notes, float* y)
    {
        var fine = x + finer;
        var sum = Vector256<float>.Zero;
        var steps = Vector256.Create((float)Activations.Steps);
        var next = rows + Rows256.Count * step;
        for (; blocks > 0; blocks -= 8, rows += 210)
        {
            var scale = Rows256.LowHalves(Rows256.Words(rows + 206, step) >> 16);
            for (var sub = 0; sub < 8; sub++, x += 32, fine += 32, notes += Activations.NoteBytes, next += 210)
            {
                Rows256.Prefetch(next, 4);
                // The order of the parts: see Q6_KPanel.
                int low = 64 * (sub / 4) + 32 * (sub & 1), high = 128 + 32 * (sub / 4), shift = 2 * (sub & 3), nibble = 4 * ((sub >> 1) & 1);
                Vector256<sbyte> x0 = Rows256.Repeat(x), x1 = Rows256.Repeat(x + 16), fine0 = Rows256.Repeat(fine), fine1 = Rows256.Repeat(fine + 16);
                var row0 = rows;
                Vector256<byte> u0 = Codes(row0 + low, row0 + high, step, nibble, shift), v0 = Codes(row0 + low + 16, row0 + high + 16, step, nibble, shift);
                Vector256<short> a0 = Avx2.MultiplyAddAdjacent(u0, x0), b0 = Avx2.MultiplyAddAdjacent(v0, x1);
                Vector256<short> c0 = Avx2.MultiplyAddAdjacent(u0, fine0), d0 = Avx2.MultiplyAddAdjacent(v0, fine1);
                var row1 = rows + step;
                Vector256<byte> u1 = Codes(row1 + low, row1 + high, step, nibble, shift), v1 = Codes(row1 + low + 16, row1 + high + 16, step, nibble, shift);
                Vector256<short> a1 = Avx2.MultiplyAddAdjacent(u1, x0), b1 = Avx2.MultiplyAddAdjacent(v1, x1);
                Vector256<short> c1 = Avx2.MultiplyAddAdjacent(u1, fine0), d1 = Avx2.MultiplyAddAdjacent(v1, fine1);
                var row2 = rows + 2 * step;
                Vector256<byte> u2 = Codes(row2 + low, row2 + high, step, nibble, shift), v2 = Codes(row2 + low + 16, row2 + high + 16, step, nibble, shift);
                Vector256<short> a2 = Avx2.MultiplyAddAdjacent(u2, x0), b2 = Avx2.MultiplyAddAdjacent(v2, x1);
                Vector256<short> c2 = Avx2.MultiplyAddAdjacent(u2, fine0), d2 = Avx2.MultiplyAddAdjacent(v2, fine1);
                var row3 = rows + 3 * step;
                Vector256<byte> u3 = Codes(row3 + low, row3 + high, step, nibble, shift), v3 = Codes(row3 + low + 16, row3 + high + 16, step, nibble, shift);
                Vector256<short> a3 = Avx2.MultiplyAddAdjacent(u3, x0), b3 = Avx2.MultiplyAddAdjacent(v3, x1);
                Vector256<short> c3 = Avx2.MultiplyAddAdjacent(u3, fine0), d3 = Avx2.MultiplyAddAdjacent(v3, fine1);
                var scales = Rows256.Words(rows + 192 + 2 * sub, step);
                Vector256<int> first = (scales << 24) >> 24, second = (scales << 16) >> 24;
                short* coarse = (short*)(notes + Activations.NoteCoarse), rest = (short*)(notes + Activations.NoteFine);
                var i = (Rows256.GatherWide(a0, a1, a2, a3) - Vector256.Create(32 * coarse[0])) * first + (Rows256.GatherWide(b0, b1, b2, b3) - Vector256.Create(32 * coarse[1])) * second;
                var j = (Rows256.GatherWide(c0, c1, c2, c3) - Vector256.Create(32 * rest[0])) * first + (Rows256.GatherWide(d0, d1, d2, d3) - Vector256.Create(32 * rest[1])) * second;
                var dot = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(i), steps, Avx.ConvertToVector256Single(j));
                sum = Vector256.FusedMultiplyAdd(dot * scale, Vector256.Create(*(float*)notes), sum);
            }
        }
        sum.Store(y);
    }

    // Sixteen codes of every fourth row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Codes(byte* low, byte* high, nint step, int nibble, int shift)
    {
        var nibbles = (Rows256.Load(low, step).AsUInt16() >> nibble).AsByte() & Vector256.Create((byte)15);
        return nibbles | (((Rows256.Load(high, step).AsUInt16() >> shift) & Vector256.Create((ushort)0x0303)) << 4).AsByte();
    }
}
