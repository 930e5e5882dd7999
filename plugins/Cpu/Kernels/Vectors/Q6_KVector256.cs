using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>
/// Q6_K by one token. 8 rows at once, 256-bit; the arithmetic of the tiles, without a panel: the factors of both halves are multiplied in when the sums of two rows
/// are in one register.
/// </summary>
internal static unsafe class Q6_KVector256
{
    // Reads blocks × 32 weights of 8 rows, and of the token twice 32 × blocks codes and 16 × blocks bytes of notes; writes 8 floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(byte* rows, nint step, int blocks, sbyte* x, nint finer, byte* notes, float* y)
    {
        var sum = Vector256<float>.Zero;
        var next = rows + Rows256.Count * step;
        for (; blocks > 0; blocks -= 8, rows += 210)
        {
            var scale = Rows256.LowHalves(Rows256.Words(rows + 206, step) >> 16);
            Rows256.Words(rows + 192, step, out var scales, out var secondScales, out var thirdScales, out var fourthScales);
            for (var part = 0; part < 8; part++, x += 32, notes += Activations.NoteBytes, next += 210)
            {
                Rows256.Prefetch(next, 4);
                // The order of the parts: see Q6_KPanel.
                byte* low = rows + 64 * (part / 4) + 32 * (part & 1), high = rows + 128 + 32 * (part / 4);
                int nibble = 4 * ((part >> 1) & 1), shift = 2 * (part & 3);
                Products(low, high, step, nibble, shift, x, finer, out var a0, out var b0, out var c0, out var d0);
                Products(low + step, high + step, step, nibble, shift, x, finer, out var a1, out var b1, out var c1, out var d1);
                Vector256<short> a01 = Rows256.Pairs(a0, a1), b01 = Rows256.Pairs(b0, b1), c01 = Rows256.Pairs(c0, c1), d01 = Rows256.Pairs(d0, d1);
                // The factors of a row's halves are the lowest bytes of its word: each twice in it, as int16.
                var firsts = (Avx2.Shuffle(scales.AsByte(), Vector256.Create(0x04800480_00800080, 0x0C800C80_08800880, 0x04800480_00800080, 0x0C800C80_08800880).AsByte()).AsInt16() >> 8).AsInt32();
                var seconds = (Avx2.Shuffle(scales.AsByte(), Vector256.Create(0x05800580_01800180, 0x0D800D80_09800980, 0x05800580_01800180, 0x0D800D80_09800980).AsByte()).AsInt16() >> 8).AsInt32();
                Vector256<short> first = Avx2.Shuffle(firsts, 0b01_00_01_00).AsInt16(), second = Avx2.Shuffle(seconds, 0b01_00_01_00).AsInt16();
                var coarse01 = Avx2.MultiplyAddAdjacent(a01, first) + Avx2.MultiplyAddAdjacent(b01, second);
                var fine01 = Avx2.MultiplyAddAdjacent(c01, first) + Avx2.MultiplyAddAdjacent(d01, second);
                Products(low + 2 * step, high + 2 * step, step, nibble, shift, x, finer, out var a2, out var b2, out var c2, out var d2);
                Products(low + 3 * step, high + 3 * step, step, nibble, shift, x, finer, out var a3, out var b3, out var c3, out var d3);
                (first, second) = (Avx2.Shuffle(firsts, 0b11_10_11_10).AsInt16(), Avx2.Shuffle(seconds, 0b11_10_11_10).AsInt16());
                var coarse23 = Avx2.MultiplyAddAdjacent(Rows256.Pairs(a2, a3), first) + Avx2.MultiplyAddAdjacent(Rows256.Pairs(b2, b3), second);
                var fine23 = Avx2.MultiplyAddAdjacent(Rows256.Pairs(c2, c3), first) + Avx2.MultiplyAddAdjacent(Rows256.Pairs(d2, d3), second);
                // Codes are 32 too large. One factor in each int16 of a row's word.
                var both = Avx2.Shuffle(scales.AsByte(), Vector256.Create(0x05800480_01800080, 0x0D800C80_09800880, 0x05800480_01800080, 0x0D800C80_09800880).AsByte()).AsInt16() >> 8;
                var i = Join(coarse01, coarse23) - (Avx2.MultiplyAddAdjacent(both, Vector256.Create(*(int*)(notes + Activations.NoteCoarse)).AsInt16()) << 5);
                var j = Join(fine01, fine23) - (Avx2.MultiplyAddAdjacent(both, Vector256.Create(*(int*)(notes + Activations.NoteFine)).AsInt16()) << 5);
                var dot = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(i), Vector256.Create((float)Activations.Steps), Avx.ConvertToVector256Single(j));
                sum = Vector256.FusedMultiplyAdd(dot * scale, Vector256.Create(*(float*)notes), sum);
                scales >>= 16;
                if ((part & 1) != 0) (scales, secondScales, thirdScales) = (secondScales, thirdScales, fourthScales);
            }
        }
        sum.Store(y);
    }

    // Of every fourth row, the halves of a block by coarse and by fine codes. Sums of two fit an int16.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Products(byte* low, byte* high, nint step, int nibble, int shift, sbyte* x, nint finer,
        out Vector256<short> coarse0, out Vector256<short> coarse1, out Vector256<short> fine0, out Vector256<short> fine1)
    {
        Vector256<byte> u = Codes(low, high, step, nibble, shift), v = Codes(low + 16, high + 16, step, nibble, shift);
        coarse0 = Avx2.MultiplyAddAdjacent(u, Rows256.Repeat(x));
        coarse1 = Avx2.MultiplyAddAdjacent(v, Rows256.Repeat(x + 16));
        fine0 = Avx2.MultiplyAddAdjacent(u, Rows256.Repeat(x + finer));
        fine1 = Avx2.MultiplyAddAdjacent(v, Rows256.Repeat(x + finer + 16));
    }

    // Sixteen codes of every fourth row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Codes(byte* low, byte* high, nint step, int nibble, int shift)
    {
        var nibbles = (Rows256.Load(low, step).AsUInt16() >> nibble).AsByte() & Vector256.Create((byte)15);
        return nibbles | (((Rows256.Load(high, step).AsUInt16() >> shift) << 4).AsByte() & Vector256.Create((byte)0x30));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Join(Vector256<int> ab, Vector256<int> cd)
        => Avx2.UnpackLow(ab.AsInt64(), cd.AsInt64()).AsInt32() + Avx2.UnpackHigh(ab.AsInt64(), cd.AsInt64()).AsInt32();
}
