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
        for (; blocks > 0; blocks -= 8, rows += 210, x += 256, notes += 8 * Activations.NoteBytes, next += 8 * 210)
        {
            var scale = Rows256.LowHalves(Rows256.Words(rows + 206, step) >> 16);
            Rows256.Words(rows + 192, step, out var first, out var second, out var third, out var fourth);
            sum = Half(rows, rows + 128, step, x, finer, notes, next, scale, first, second, sum);
            sum = Half(rows + 64, rows + 160, step, x + 128, finer, notes + 4 * Activations.NoteBytes, next + 4 * 210, scale, third, fourth, sum);
        }
        sum.Store(y);
    }

    // 128 weights: four blocks in the order of Q6_KPanel.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Half(byte* low, byte* high, nint step, sbyte* x, nint finer, byte* notes, byte* next, Vector256<float> scale, Vector256<int> scales01, Vector256<int> scales23,
        Vector256<float> sum)
    {
        sum = Block(low, high, step, 0, x, finer, notes, next, scale, scales01, sum);
        sum = Block(low + 32, high, step, 1, x + 32, finer, notes + Activations.NoteBytes, next + 210, scale, scales01, sum);
        sum = Block(low, high, step, 2, x + 64, finer, notes + 2 * Activations.NoteBytes, next + 420, scale, scales23, sum);
        return Block(low + 32, high, step, 3, x + 96, finer, notes + 3 * Activations.NoteBytes, next + 630, scale, scales23, sum);
    }

    // Factors: bytes 0 and 1 of each row's word for even blocks, 2 and 3 for odd ones.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Block(byte* low, byte* high, nint step, int part, sbyte* x, nint finer, byte* notes, byte* next, Vector256<float> scale, Vector256<int> scales, Vector256<float> sum)
    {
        Rows256.Prefetch(next, 4);
        Products(low, high, step, part, x, finer, out var a0, out var b0, out var c0, out var d0);
        Products(low + step, high + step, step, part, x, finer, out var a1, out var b1, out var c1, out var d1);
        Vector256<short> a01 = Rows256.Pairs(a0, a1), b01 = Rows256.Pairs(b0, b1), c01 = Rows256.Pairs(c0, c1), d01 = Rows256.Pairs(d0, d1);
        // The factor of a row twice in its word, as int16.
        var firsts = (Avx2.Shuffle(scales.AsByte(), Twice(part, 0)).AsInt16() >> 8).AsInt32();
        var seconds = (Avx2.Shuffle(scales.AsByte(), Twice(part, 1)).AsInt16() >> 8).AsInt32();
        Vector256<short> first = Avx2.Shuffle(firsts, 0b01_00_01_00).AsInt16(), second = Avx2.Shuffle(seconds, 0b01_00_01_00).AsInt16();
        var coarse01 = Avx2.MultiplyAddAdjacent(a01, first) + Avx2.MultiplyAddAdjacent(b01, second);
        var fine01 = Avx2.MultiplyAddAdjacent(c01, first) + Avx2.MultiplyAddAdjacent(d01, second);
        Products(low + 2 * step, high + 2 * step, step, part, x, finer, out a0, out b0, out c0, out d0);
        Products(low + 3 * step, high + 3 * step, step, part, x, finer, out a1, out b1, out c1, out d1);
        (first, second) = (Avx2.Shuffle(firsts, 0b11_10_11_10).AsInt16(), Avx2.Shuffle(seconds, 0b11_10_11_10).AsInt16());
        var coarse23 = Avx2.MultiplyAddAdjacent(Rows256.Pairs(a0, a1), first) + Avx2.MultiplyAddAdjacent(Rows256.Pairs(b0, b1), second);
        var fine23 = Avx2.MultiplyAddAdjacent(Rows256.Pairs(c0, c1), first) + Avx2.MultiplyAddAdjacent(Rows256.Pairs(d0, d1), second);
        // Codes are 32 too large.
        var both = Avx2.Shuffle(scales.AsByte(), Both(part)).AsInt16() >> 8;
        var i = Join(coarse01, coarse23) - (Avx2.MultiplyAddAdjacent(both, Vector256.Create(*(int*)(notes + Activations.NoteCoarse)).AsInt16()) << 5);
        var j = Join(fine01, fine23) - (Avx2.MultiplyAddAdjacent(both, Vector256.Create(*(int*)(notes + Activations.NoteFine)).AsInt16()) << 5);
        var dot = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(i), Vector256.Create((float)Activations.Steps), Avx.ConvertToVector256Single(j));
        return Vector256.FusedMultiplyAdd(dot * scale, Vector256.Create(*(float*)notes), sum);
    }

    // Of every fourth row, the halves of a block by coarse and by fine codes. Sums of two fit an int16.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Products(byte* low, byte* high, nint step, int part, sbyte* x, nint finer,
        out Vector256<short> coarse0, out Vector256<short> coarse1, out Vector256<short> fine0, out Vector256<short> fine1)
    {
        Vector256<byte> u = Codes(low, high, step, part), v = Codes(low + 16, high + 16, step, part);
        coarse0 = Avx2.MultiplyAddAdjacent(u, Rows256.Repeat(x));
        coarse1 = Avx2.MultiplyAddAdjacent(v, Rows256.Repeat(x + 16));
        fine0 = Avx2.MultiplyAddAdjacent(u, Rows256.Repeat(x + finer));
        fine1 = Avx2.MultiplyAddAdjacent(v, Rows256.Repeat(x + finer + 16));
    }

    // Sixteen codes of every fourth row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Codes(byte* low, byte* high, nint step, int part)
    {
        Vector256<ushort> nibbles = Rows256.Load(low, step).AsUInt16(), bits = Rows256.Load(high, step).AsUInt16();
        if (part >= 2) nibbles >>= 4;
        bits = part switch { 0 => bits << 4, 1 => bits << 2, 2 => bits, _ => bits >> 2 };
        return (nibbles.AsByte() & Vector256.Create((byte)15)) | (bits.AsByte() & Vector256.Create((byte)0x30));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Join(Vector256<int> ab, Vector256<int> cd)
        => Avx2.UnpackLow(ab.AsInt64(), cd.AsInt64()).AsInt32() + Avx2.UnpackHigh(ab.AsInt64(), cd.AsInt64()).AsInt32();

    // Shuffles that bring a byte of each word to the upper byte of both of its int16; 128 makes a zero.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Twice(int part, int half) => ((part & 1) * 2 + half) switch
    {
        0 => Vector256.Create(0x04800480_00800080, 0x0C800C80_08800880, 0x04800480_00800080, 0x0C800C80_08800880).AsByte(),
        1 => Vector256.Create(0x05800580_01800180, 0x0D800D80_09800980, 0x05800580_01800180, 0x0D800D80_09800980).AsByte(),
        2 => Vector256.Create(0x06800680_02800280, 0x0E800E80_0A800A80, 0x06800680_02800280, 0x0E800E80_0A800A80).AsByte(),
        _ => Vector256.Create(0x07800780_03800380, 0x0F800F80_0B800B80, 0x07800780_03800380, 0x0F800F80_0B800B80).AsByte(),
    };

    // The same for two bytes, one for each int16.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Both(int part) => (part & 1) == 0
        ? Vector256.Create(0x05800480_01800080, 0x0D800C80_09800880, 0x05800480_01800080, 0x0D800C80_09800880).AsByte()
        : Vector256.Create(0x07800680_03800280, 0x0F800E80_0B800A80, 0x07800680_03800280, 0x0F800E80_0B800A80).AsByte();
}
