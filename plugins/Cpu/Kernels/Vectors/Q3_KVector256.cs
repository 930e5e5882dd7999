using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>Q3_K by one token. 8 rows at once, 256-bit; the arithmetic of the tiles, without a panel.</summary>
internal static unsafe class Q3_KVector256
{
    // Reads blocks × 32 weights of 8 rows, and of the token twice 32 × blocks codes and 16 × blocks bytes of notes; writes 8 floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TBits>(byte* rows, nint step, int blocks, sbyte* x, nint finer, byte* notes, float* y) where TBits : struct, IActivationBits
    {
        var fine = x + finer;
        var sum = Vector256<float>.Zero;
        var ones = Vector256.Create((short)1);
        var next = rows + Rows256.Count * step;
        for (; blocks > 0; blocks -= 8, rows += 110)
        {
            var scale = Rows256.LowHalves(Rows256.Words(rows + 106, step) >> 16);
            Vector256<int> early = Rows256.Words(rows + 96, step), late = Rows256.Words(rows + 100, step), tops = Rows256.Words(rows + 104, step);
            for (var sub = 0; sub < 8; sub++, x += 32, fine += 32, notes += Activations.NoteBytes, next += 110)
            {
                Rows256.Prefetch(next, 2);
                Vector256<sbyte> x0 = Rows256.RepeatCoarse<TBits>(x), x1 = Rows256.RepeatCoarse<TBits>(x + 16), fine0 = Rows256.Repeat(fine), fine1 = Rows256.Repeat(fine + 16);
                Vector256<byte> u0 = Codes(rows, step, sub, 0), v0 = Codes(rows, step, sub, 16);
                Vector256<short> a0 = Avx2.MultiplyAddAdjacent(u0, x0), b0 = Avx2.MultiplyAddAdjacent(v0, x1);
                Vector256<short> c0 = Avx2.MultiplyAddAdjacent(u0, fine0), d0 = Avx2.MultiplyAddAdjacent(v0, fine1);
                Vector256<byte> u1 = Codes(rows + step, step, sub, 0), v1 = Codes(rows + step, step, sub, 16);
                Vector256<short> a1 = Avx2.MultiplyAddAdjacent(u1, x0), b1 = Avx2.MultiplyAddAdjacent(v1, x1);
                Vector256<short> c1 = Avx2.MultiplyAddAdjacent(u1, fine0), d1 = Avx2.MultiplyAddAdjacent(v1, fine1);
                Vector256<byte> u2 = Codes(rows + 2 * step, step, sub, 0), v2 = Codes(rows + 2 * step, step, sub, 16);
                Vector256<short> a2 = Avx2.MultiplyAddAdjacent(u2, x0), b2 = Avx2.MultiplyAddAdjacent(v2, x1);
                Vector256<short> c2 = Avx2.MultiplyAddAdjacent(u2, fine0), d2 = Avx2.MultiplyAddAdjacent(v2, fine1);
                Vector256<byte> u3 = Codes(rows + 3 * step, step, sub, 0), v3 = Codes(rows + 3 * step, step, sub, 16);
                Vector256<short> a3 = Avx2.MultiplyAddAdjacent(u3, x0), b3 = Avx2.MultiplyAddAdjacent(v3, x1);
                Vector256<short> c3 = Avx2.MultiplyAddAdjacent(u3, fine0), d3 = Avx2.MultiplyAddAdjacent(v3, fine1);
                short* coarse = (short*)(notes + Activations.NoteCoarse), rest = (short*)(notes + Activations.NoteFine);
                // Where the two scales lie: see Q3_KFormat of the reference, or RowFormats.Q3_KRow.
                var source = (sub & 2) == 0 ? early : late;
                int place = 16 * (sub & 1), nibble = 4 * (sub / 4), top = 2 * (sub / 2);
                Vector256<int> first = Scale(source, tops, place, nibble, top), second = Scale(source, tops, place + 8, nibble, top);
                var i = (Rows256.Gather(a0, a1, a2, a3, ones) - Vector256.Create(4 * coarse[0])) * first + (Rows256.Gather(b0, b1, b2, b3, ones) - Vector256.Create(4 * coarse[1])) * second;
                var j = (Rows256.Gather(c0, c1, c2, c3, ones) - Vector256.Create(4 * rest[0])) * first + (Rows256.Gather(d0, d1, d2, d3, ones) - Vector256.Create(4 * rest[1])) * second;
                var dot = FineSteps.Single<TBits>(i, j);
                sum = Vector256.FusedMultiplyAdd(dot * scale, Vector256.Create(*(float*)notes), sum);
            }
        }
        sum.Store(y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Scale(Vector256<int> source, Vector256<int> tops, int place, int nibble, int top)
        => (((source >> (place + nibble)) & Vector256.Create(15)) | (((tops >> (place + top)) & Vector256.Create(3)) << 4)) - Vector256.Create(32);

    // Sixteen codes of every fourth row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Codes(byte* row, nint step, int sub, int half)
    {
        var low = (Rows256.Load(row + 32 + 32 * (sub / 4) + half, step).AsUInt16() >> (2 * (sub & 3))).AsByte() & Vector256.Create((byte)3);
        var high = (Rows256.Load(row + half, step).AsUInt16() >> sub) & Vector256.Create((ushort)0x0101);
        return low | (high << 2).AsByte();
    }
}
