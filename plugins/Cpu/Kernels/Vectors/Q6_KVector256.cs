using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hotplug.Cpu.Kernels.Tiles;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>
/// Q6_K by one token. 8 rows at once, 256-bit; the arithmetic of the tiles, without a panel. 128 weights are four runs of 32: low nibbles of 64 bytes, then their high nibbles; the 2-bit parts
/// of all four share 32 bytes. So the four are taken together, sixteen elements of four rows at a time, and the factors of sixteen are multiplied in when the sums of two rows are in one register.
/// </summary>
internal static unsafe class Q6_KVector256
{
    // Of a register with a word of four factors per row: a factor twice in a word, in the high byte of each int16, for rows 0 and 1 in turn; of parts 0 and 1, of halves 0 and 1. Then rows 2 and 3.
    private static ReadOnlySpan<ulong> Factors =>
    [
        0x04800480_00800080, 0x04800480_00800080, 0x05800580_01800180, 0x05800580_01800180,
        0x06800680_02800280, 0x06800680_02800280, 0x07800780_03800380, 0x07800780_03800380,
        0x0C800C80_08800880, 0x0C800C80_08800880, 0x0D800D80_09800980, 0x0D800D80_09800980,
        0x0E800E80_0A800A80, 0x0E800E80_0A800A80, 0x0F800F80_0B800B80, 0x0F800F80_0B800B80,
    ];

    // Reads blocks × 32 weights of 8 rows, and of the token twice 32 × blocks codes and the notes of as many blocks; writes 8 floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TBits>(byte* rows, nint step, int blocks, sbyte* x, nint finer, byte* notes, float* y) where TBits : struct, IActivationBits
    {
        var sum = Vector256<float>.Zero;
        var next = Rows256.FirstLine(rows + Rows256.Count * step);
        // A constant of the assembly, which does not move.
        var factors = (sbyte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(Factors));
        // The sums of rows 0, 1 and 4, 5, while those of the others are made.
        WaitingSums room;
        var waiting = (int*)&room;
        for (; blocks > 0; blocks -= 8, rows += 210)
        {
            var scale = Rows256.LowHalves(Rows256.Words(rows + 206, step) >> 16);
            Rows256.Words(rows + 192, step, out var scales, out var laterScales, out var nextScales, out var lastScales);
            byte* low = rows, high = rows + 128;
            for (var half = 0; half < 2; half++, low += 64, high += 32, x += 128, notes += 4 * Activations.NoteBytes)
            {
                byte* pair = low, pairHigh = high;
                var masks = factors;
                for (var s = 0; s < 2; s++, pair += 2 * step, pairHigh += 2 * step, masks += 64)
                {
                    // A few lines at a time: more at once are waited for. 13 lines of a half's 13⅛.
                    Rows256.Prefetch(next, 3);
                    Sixteen<TBits>(pair, pairHigh, step, x, finer, scales, laterScales, masks, out var a0, out var a1, out var a2, out var a3, out var b0, out var b1, out var b2, out var b3);
                    Rows256.Prefetch(next + 192, 3);
                    next += 384;
                    if (s != 0)
                    {
                        Rows256.Prefetch(next, 1);
                        next += 64;
                    }
                    Sixteen<TBits>(pair + 16, pairHigh + 16, step, x + 16, finer, scales, laterScales, masks + 16, out var c0, out var c1, out var c2, out var c3, out var d0, out var d1, out var d2, out var d3);
                    (a0, a1, a2, a3) = (a0 + c0, a1 + c1, a2 + c2, a3 + c3);
                    if (TBits.HaveCoarse) (b0, b1, b2, b3) = (b0 + d0, b1 + d1, b2 + d2, b3 + d3);
                    if (s == 0)
                    {
                        a0.Store(waiting);
                        a1.Store(waiting + 8);
                        a2.Store(waiting + 16);
                        a3.Store(waiting + 24);
                        if (!TBits.HaveCoarse) continue;
                        b0.Store(waiting + 32);
                        b1.Store(waiting + 40);
                        b2.Store(waiting + 48);
                        b3.Store(waiting + 56);
                        continue;
                    }
                    sum = Finish<TBits>(sum, waiting, a0, b0, scales, scale, notes);
                    sum = Finish<TBits>(sum, waiting + 8, a1, b1, scales >> 16, scale, notes + Activations.NoteBytes);
                    sum = Finish<TBits>(sum, waiting + 16, a2, b2, laterScales, scale, notes + 2 * Activations.NoteBytes);
                    sum = Finish<TBits>(sum, waiting + 24, a3, b3, laterScales >> 16, scale, notes + 3 * Activations.NoteBytes);
                }
                (scales, laterScales) = (nextScales, lastScales);
            }
        }
        sum.Store(y);
    }

    // Sixteen elements of each of four parts, of rows 0, 4 and 1, 5: sums of products with their factors, fine and coarse.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sixteen<TBits>(byte* low, byte* high, nint step, sbyte* x, nint finer, Vector256<int> scales, Vector256<int> laterScales, sbyte* masks,
        out Vector256<int> a0, out Vector256<int> a1, out Vector256<int> a2, out Vector256<int> a3, out Vector256<int> b0, out Vector256<int> b1, out Vector256<int> b2, out Vector256<int> b3)
        where TBits : struct, IActivationBits
    {
        Vector256<byte> nibble = Vector256.Create((byte)15), two = Vector256.Create((byte)0x30);
        Vector256<byte> l = Rows256.Load(low, step), m = Rows256.Load(low + step, step), h = Rows256.Load(high, step), g = Rows256.Load(high + step, step);
        Vector256<sbyte> first = Rows256.Repeat(masks), second = Rows256.Repeat(masks + 32);
        Products<TBits>((l & nibble) | ((h.AsUInt16() << 4).AsByte() & two), (m & nibble) | ((g.AsUInt16() << 4).AsByte() & two), x, finer, Avx2.Shuffle(scales.AsSByte(), first), out a0, out b0);
        Products<TBits>(((l.AsUInt16() >> 4).AsByte() & nibble) | (h & two), ((m.AsUInt16() >> 4).AsByte() & nibble) | (g & two), x + 64, finer, Avx2.Shuffle(laterScales.AsSByte(), first), out a2, out b2);
        (l, m) = (Rows256.Load(low + 32, step), Rows256.Load(low + step + 32, step));
        Products<TBits>((l & nibble) | ((h.AsUInt16() << 2).AsByte() & two), (m & nibble) | ((g.AsUInt16() << 2).AsByte() & two), x + 32, finer, Avx2.Shuffle(scales.AsSByte(), second), out a1, out b1);
        Products<TBits>(((l.AsUInt16() >> 4).AsByte() & nibble) | ((h.AsUInt16() >> 2).AsByte() & two), ((m.AsUInt16() >> 4).AsByte() & nibble) | ((g.AsUInt16() >> 2).AsByte() & two), x + 96, finer,
            Avx2.Shuffle(laterScales.AsSByte(), second), out a3, out b3);
    }

    // Sums of four products fit an int16. The factors are in the high bytes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Products<TBits>(Vector256<byte> u, Vector256<byte> v, sbyte* x, nint finer, Vector256<sbyte> factors, out Vector256<int> fine, out Vector256<int> coarse)
        where TBits : struct, IActivationBits
    {
        var factor = factors.AsInt16() >> 8;
        var codes = Rows256.Repeat(x + finer);
        fine = Avx2.MultiplyAddAdjacent(Rows256.Pairs(Avx2.MultiplyAddAdjacent(u, codes), Avx2.MultiplyAddAdjacent(v, codes)), factor);
        coarse = default;
        if (!TBits.HaveCoarse) return;
        codes = Rows256.Repeat(x);
        coarse = Avx2.MultiplyAddAdjacent(Rows256.Pairs(Avx2.MultiplyAddAdjacent(u, codes), Avx2.MultiplyAddAdjacent(v, codes)), factor);
    }

    // Adds a part, of whose words of scales the lower two bytes are the factors of its halves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Finish<TBits>(Vector256<float> sum, int* first, Vector256<int> fine, Vector256<int> coarse, Vector256<int> scales, Vector256<float> scale, byte* notes)
        where TBits : struct, IActivationBits
    {
        // Codes are 32 too large. One factor in each int16 of a row's word.
        var both = Avx2.Shuffle(scales.AsByte(), Vector256.Create(0x05800480_01800080, 0x0D800C80_09800880, 0x05800480_01800080, 0x0D800C80_09800880).AsByte()).AsInt16() >> 8;
        var i = TBits.HaveCoarse ? Rows256.Join(Vector256.Load(first + 32), coarse) - Offset(both, notes + Activations.NoteCoarse) : default;
        var j = Rows256.Join(Vector256.Load(first), fine) - Offset(both, notes + Activations.NoteFine);
        return Vector256.FusedMultiplyAdd(FineSteps.Single<TBits>(i, j) * scale, Vector256.Create(*(float*)notes), sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Offset(Vector256<short> factors, byte* sums) => Avx2.MultiplyAddAdjacent(factors, Vector256.Create(*(int*)sums).AsInt16()) << 5;
}
