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
    public static void Multiply<TBits>(byte* rows, nint step, int blocks, sbyte* x, nint finer, byte* notes, float* y) where TBits : struct, IActivationBits
    {
        var sum = Vector256<float>.Zero;
        var next = rows + Rows256.Count * step;
        for (; blocks > 0; blocks -= 8, rows += 210)
        {
            var scale = Rows256.LowHalves(Rows256.Words(rows + 206, step) >> 16);
            Rows256.Words(rows + 192, step, out var scales, out var secondScales, out var thirdScales, out var fourthScales);
            // 128 weights are four runs of 32: low nibbles of 64 bytes, then their high nibbles; the 2-bit parts of all four share 32 bytes.
            byte* low = rows, high = rows + 128;
            for (var half = 0; half < 2; half++, low += 64, high += 32, x += 128, notes += 4 * Activations.NoteBytes, next += 840)
            {
                Rows256.Prefetch(next, 7);
                sum = Part<TBits>(low, high, step, 0, 4, x, finer, scales, scale, notes, sum);
                sum = Part<TBits>(low + 32, high, step, 0, 2, x + 32, finer, scales >> 16, scale, notes + Activations.NoteBytes, sum);
                Rows256.Prefetch(next + 448, 7);
                sum = Part<TBits>(low, high, step, 4, 0, x + 64, finer, secondScales, scale, notes + 2 * Activations.NoteBytes, sum);
                sum = Part<TBits>(low + 32, high, step, 4, -2, x + 96, finer, secondScales >> 16, scale, notes + 3 * Activations.NoteBytes, sum);
                (scales, secondScales) = (thirdScales, fourthScales);
            }
        }
        sum.Store(y);
    }

    // Adds a block. Of the words of scales the lower two bytes are the factors of its halves; `nibble` and `up` are constants: where the codes' parts lie.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Part<TBits>(byte* low, byte* high, nint step, int nibble, int up, sbyte* x, nint finer, Vector256<int> scales, Vector256<float> scale, byte* notes,
        Vector256<float> sum) where TBits : struct, IActivationBits
    {
        // Each factor twice in a word, as int16.
        var firsts = (Avx2.Shuffle(scales.AsByte(), Vector256.Create(0x04800480_00800080, 0x0C800C80_08800880, 0x04800480_00800080, 0x0C800C80_08800880).AsByte()).AsInt16() >> 8).AsInt32();
        var seconds = (Avx2.Shuffle(scales.AsByte(), Vector256.Create(0x05800580_01800180, 0x0D800D80_09800980, 0x05800580_01800180, 0x0D800D80_09800980).AsByte()).AsInt16() >> 8).AsInt32();
        Pair<TBits>(low, high, step, nibble, up, x, finer, Avx2.Shuffle(firsts, 0b01_00_01_00).AsInt16(), Avx2.Shuffle(seconds, 0b01_00_01_00).AsInt16(), out var coarse01, out var fine01);
        Pair<TBits>(low + 2 * step, high + 2 * step, step, nibble, up, x, finer, Avx2.Shuffle(firsts, 0b11_10_11_10).AsInt16(), Avx2.Shuffle(seconds, 0b11_10_11_10).AsInt16(), out var coarse23, out var fine23);
        // Codes are 32 too large. One factor in each int16 of a row's word.
        var both = Avx2.Shuffle(scales.AsByte(), Vector256.Create(0x05800480_01800080, 0x0D800C80_09800880, 0x05800480_01800080, 0x0D800C80_09800880).AsByte()).AsInt16() >> 8;
        var i = TBits.HaveCoarse ? Rows256.Join(coarse01, coarse23) - Offset(both, notes + Activations.NoteCoarse) : default;
        var j = Rows256.Join(fine01, fine23) - Offset(both, notes + Activations.NoteFine);
        return Vector256.FusedMultiplyAdd(FineSteps.Single<TBits>(i, j) * scale, Vector256.Create(*(float*)notes), sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Offset(Vector256<short> factors, byte* sums) => Avx2.MultiplyAddAdjacent(factors, Vector256.Create(*(int*)sums).AsInt16()) << 5;

    // Of rows 0, 4 and 1, 5: products of both halves with their factors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair<TBits>(byte* low, byte* high, nint step, int nibble, int up, sbyte* x, nint finer, Vector256<short> first, Vector256<short> second,
        out Vector256<int> coarse, out Vector256<int> fine) where TBits : struct, IActivationBits
    {
        // Sums of four products fit an int16.
        Vector256<byte> u = Codes(low, high, step, nibble, up), v = Codes(low + step, high + step, step, nibble, up);
        var codes = Rows256.Repeat(x + finer);
        fine = Avx2.MultiplyAddAdjacent(Rows256.Pairs(Avx2.MultiplyAddAdjacent(u, codes), Avx2.MultiplyAddAdjacent(v, codes)), first);
        codes = Rows256.Repeat(x);
        coarse = TBits.HaveCoarse ? Avx2.MultiplyAddAdjacent(Rows256.Pairs(Avx2.MultiplyAddAdjacent(u, codes), Avx2.MultiplyAddAdjacent(v, codes)), first) : default;
        (u, v) = (Codes(low + 16, high + 16, step, nibble, up), Codes(low + step + 16, high + step + 16, step, nibble, up));
        codes = Rows256.Repeat(x + finer + 16);
        fine += Avx2.MultiplyAddAdjacent(Rows256.Pairs(Avx2.MultiplyAddAdjacent(u, codes), Avx2.MultiplyAddAdjacent(v, codes)), second);
        codes = Rows256.Repeat(x + 16);
        if (TBits.HaveCoarse) coarse += Avx2.MultiplyAddAdjacent(Rows256.Pairs(Avx2.MultiplyAddAdjacent(u, codes), Avx2.MultiplyAddAdjacent(v, codes)), second);
    }

    // Sixteen codes of every fourth row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Codes(byte* low, byte* high, nint step, int nibble, int up)
    {
        var nibbles = nibble == 0 ? Rows256.Load(low, step) : (Rows256.Load(low, step).AsUInt16() >> 4).AsByte();
        var pairs = Rows256.Load(high, step).AsUInt16();
        var parts = up > 0 ? pairs << up : up < 0 ? pairs >> -up : pairs;
        return (nibbles & Vector256.Create((byte)15)) | (parts.AsByte() & Vector256.Create((byte)0x30));
    }
}
