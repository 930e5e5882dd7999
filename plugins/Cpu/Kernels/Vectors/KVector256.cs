using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>
/// Q4_K and Q5_K by one token. 8 rows at once, 256-bit; the arithmetic of the tiles, without a panel. What rows have in common is summed as soon as two of them are there, so
/// that the sums stay in registers, and activations are loaded where they are used.
/// </summary>
internal static unsafe class KVector256
{
    // Reads blocks × 32 weights of 8 rows, and of the token twice 32 × blocks codes and 16 × blocks bytes of notes; writes 8 floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TBits, TFormat>(byte* rows, nint step, int blocks, sbyte* x, nint finer, byte* notes, float* y)
        where TBits : struct, IActivationBits where TFormat : struct, IKFormat
    {
        var sum = Vector256<float>.Zero;
        var next = Rows256.FirstLine(rows + Rows256.Count * step);
        for (; blocks > 0; blocks -= 8, rows += TFormat.Bytes)
        {
            Rows256.Words(rows, step, out var words, out var first, out var second, out var third);
            Vector256<float> scale = Rows256.LowHalves(words), minimum = Vector256<float>.Zero - Rows256.HighHalves(words);
            // Six bits of eight scales and minima, four to a word: see KScales.
            Vector256<int> six = Vector256.Create(0x3F3F3F3F), four = Vector256.Create(0x0F0F0F0F), two = Vector256.Create(0x30303030);
            Vector256<int> scales = first & six, minima = second & six;
            Vector256<int> laterScales = (third & four) | ((first >> 2) & two), laterMinima = ((third >> 4) & four) | ((second >> 2) & two);
            for (var pair = 0; pair < 4; pair++, x += 64, notes += 2 * Activations.NoteBytes)
            {
                // The two blocks whose nibbles share bytes.
                // Lines a few at a time: more at once are waited for. Two such pairs are 9 or 11 lines.
                Rows256.Prefetch(next, 2);
                if (pair == 2) (scales, minima) = (laterScales, laterMinima);
                Products<TBits, TFormat>(rows, step, pair, x, finer, out var p0, out var f0, out var q0, out var g0);
                Rows256.Prefetch(next + 128, Lines<TFormat>() - 4);
                Products<TBits, TFormat>(rows + step, step, pair, x, finer, out var p1, out var f1, out var q1, out var g1);
                Vector256<short> p01 = Rows256.Pairs(p0, p1), f01 = Rows256.Pairs(f0, f1), q01 = Rows256.Pairs(q0, q1), g01 = Rows256.Pairs(g0, g1);
                Rows256.Prefetch(next + 64 * (Lines<TFormat>() - 2), 1);
                Products<TBits, TFormat>(rows + 2 * step, step, pair, x, finer, out var p2, out var f2, out var q2, out var g2);
                next += 64 * (Lines<TFormat>() - 1);
                if ((pair & 1) != 0)
                {
                    Rows256.Prefetch(next, 1);
                    next += 64;
                }
                Products<TBits, TFormat>(rows + 3 * step, step, pair, x, finer, out var p3, out var f3, out var q3, out var g3);
                var dot0 = TFormat.Dot<TBits>(p01, Rows256.Pairs(p2, p3), f01, Rows256.Pairs(f2, f3));
                var dot1 = TFormat.Dot<TBits>(q01, Rows256.Pairs(q2, q3), g01, Rows256.Pairs(g2, g3));
                var low = Vector256.Create(0xFF);
                sum = Vector256.FusedMultiplyAdd(dot0 * (scale * Avx.ConvertToVector256Single(scales & low)), Vector256.Create(*(float*)notes), sum);
                sum = Vector256.FusedMultiplyAdd(minimum * Avx.ConvertToVector256Single(minima & low), Vector256.Create(*(float*)(notes + Activations.NoteSum)), sum);
                sum = Vector256.FusedMultiplyAdd(dot1 * (scale * Avx.ConvertToVector256Single((scales >> 8) & low)), Vector256.Create(*(float*)(notes + Activations.NoteBytes)), sum);
                sum = Vector256.FusedMultiplyAdd(minimum * Avx.ConvertToVector256Single((minima >> 8) & low), Vector256.Create(*(float*)(notes + Activations.NoteBytes + Activations.NoteSum)), sum);
                scales >>= 16;
                minima >>= 16;
            }
        }
        sum.Store(y);
    }

    // Of two blocks of all rows, the last one begun: 5 or 6.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Lines<TFormat>() where TFormat : struct, IKFormat => (2 * TFormat.Bytes + 63) / 64;

    // Of every fourth row, both blocks by coarse and fine codes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Products<TBits, TFormat>(byte* row, nint step, int pair, sbyte* x, nint finer,
        out Vector256<short> coarse0, out Vector256<short> fine0, out Vector256<short> coarse1, out Vector256<short> fine1)
        where TBits : struct, IActivationBits where TFormat : struct, IKFormat
    {
        var q = row + TFormat.Nibbles + 32 * pair;
        var mask = Vector256.Create((byte)15);
        Vector256<byte> a = Rows256.Load(q, step), b = Rows256.Load(q + 16, step);
        Vector256<byte> u = a & mask, v = b & mask;
        TFormat.AddFifth(ref u, ref v, row, step, 2 * pair);
        coarse0 = Avx2.MultiplyAddAdjacent(u, Rows256.RepeatCoarse<TBits>(x)) + Avx2.MultiplyAddAdjacent(v, Rows256.RepeatCoarse<TBits>(x + 16));
        fine0 = Avx2.MultiplyAddAdjacent(u, Rows256.Repeat(x + finer)) + Avx2.MultiplyAddAdjacent(v, Rows256.Repeat(x + finer + 16));
        u = (a.AsUInt16() >> 4).AsByte() & mask;
        v = (b.AsUInt16() >> 4).AsByte() & mask;
        TFormat.AddFifth(ref u, ref v, row, step, 2 * pair + 1);
        coarse1 = Avx2.MultiplyAddAdjacent(u, Rows256.RepeatCoarse<TBits>(x + 32)) + Avx2.MultiplyAddAdjacent(v, Rows256.RepeatCoarse<TBits>(x + 48));
        fine1 = Avx2.MultiplyAddAdjacent(u, Rows256.Repeat(x + finer + 32)) + Avx2.MultiplyAddAdjacent(v, Rows256.Repeat(x + finer + 48));
    }
}
