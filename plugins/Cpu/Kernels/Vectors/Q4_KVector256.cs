using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>Q4_K by one token. 8 rows at once, 256-bit; the arithmetic of the tiles, without a panel.</summary>
internal static unsafe class Q4_KVector256
{
    // Reads blocks × 32 weights of 8 rows, and of the token 32 × blocks codes and 16 × blocks bytes of notes; writes 8 floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(byte* rows, nint step, int blocks, sbyte* x, byte* notes, float* y)
    {
        var mask = Vector256.Create((byte)15);
        var sum = Vector256<float>.Zero;
        var next = rows + Rows256.Count * step;
        for (; blocks > 0; blocks -= 8, rows += 144)
        {
            var words = Rows256.Words(rows, step);
            Vector256<float> scale = Rows256.LowHalves(words), minimum = Vector256<float>.Zero - Rows256.HighHalves(words);
            // Six bits of eight scales and minima, four to a word: see KScales.
            Vector256<int> first = Rows256.Words(rows + 4, step), second = Rows256.Words(rows + 8, step), third = Rows256.Words(rows + 12, step);
            Vector256<int> six = Vector256.Create(0x3F3F3F3F), four = Vector256.Create(0x0F0F0F0F), two = Vector256.Create(0x30303030);
            Vector256<int> scales = first & six, minima = second & six;
            Vector256<int> laterScales = (third & four) | ((first >> 2) & two), laterMinima = ((third >> 4) & four) | ((second >> 2) & two);
            for (var pair = 0; pair < 4; pair++, x += 64, notes += 2 * Activations.NoteBytes, next += 288)
            {
                Rows256.Prefetch(next, 5);
                if (pair == 2) (scales, minima) = (laterScales, laterMinima);
                var q = rows + 16 + 32 * pair;
                Vector256<sbyte> x00 = Rows256.Repeat(x + 0), x01 = Rows256.Repeat(x + 16);
                Vector256<sbyte> x10 = Rows256.Repeat(x + 32), x11 = Rows256.Repeat(x + 48);
                Vector256<byte> a0 = Rows256.Load(q, step), b0 = Rows256.Load(q + 16, step);
                var p00 = Avx2.MultiplyAddAdjacent((a0 & mask), x00) + Avx2.MultiplyAddAdjacent((b0 & mask), x01);
                var p10 = Avx2.MultiplyAddAdjacent(((a0.AsUInt16() >> 4).AsByte() & mask), x10) + Avx2.MultiplyAddAdjacent(((b0.AsUInt16() >> 4).AsByte() & mask), x11);
                Vector256<byte> a1 = Rows256.Load(q + step, step), b1 = Rows256.Load(q + step + 16, step);
                var p01 = Avx2.MultiplyAddAdjacent((a1 & mask), x00) + Avx2.MultiplyAddAdjacent((b1 & mask), x01);
                var p11 = Avx2.MultiplyAddAdjacent(((a1.AsUInt16() >> 4).AsByte() & mask), x10) + Avx2.MultiplyAddAdjacent(((b1.AsUInt16() >> 4).AsByte() & mask), x11);
                Vector256<byte> a2 = Rows256.Load(q + 2 * step, step), b2 = Rows256.Load(q + 2 * step + 16, step);
                var p02 = Avx2.MultiplyAddAdjacent((a2 & mask), x00) + Avx2.MultiplyAddAdjacent((b2 & mask), x01);
                var p12 = Avx2.MultiplyAddAdjacent(((a2.AsUInt16() >> 4).AsByte() & mask), x10) + Avx2.MultiplyAddAdjacent(((b2.AsUInt16() >> 4).AsByte() & mask), x11);
                Vector256<byte> a3 = Rows256.Load(q + 3 * step, step), b3 = Rows256.Load(q + 3 * step + 16, step);
                var p03 = Avx2.MultiplyAddAdjacent((a3 & mask), x00) + Avx2.MultiplyAddAdjacent((b3 & mask), x01);
                var p13 = Avx2.MultiplyAddAdjacent(((a3.AsUInt16() >> 4).AsByte() & mask), x10) + Avx2.MultiplyAddAdjacent(((b3.AsUInt16() >> 4).AsByte() & mask), x11);
                sum = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(Rows256.Gather(p00, p01, p02, p03)) * (scale * Avx.ConvertToVector256Single(scales & Vector256.Create(0xFF))), Vector256.Create(*(float*)notes), sum);
                sum = Vector256.FusedMultiplyAdd(minimum * Avx.ConvertToVector256Single(minima & Vector256.Create(0xFF)), Vector256.Create(*(float*)(notes + Activations.NoteSum)), sum);
                sum = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(Rows256.Gather(p10, p11, p12, p13)) * (scale * Avx.ConvertToVector256Single((scales >> 8) & Vector256.Create(0xFF))), Vector256.Create(*(float*)(notes + Activations.NoteBytes)), sum);
                sum = Vector256.FusedMultiplyAdd(minimum * Avx.ConvertToVector256Single((minima >> 8) & Vector256.Create(0xFF)), Vector256.Create(*(float*)(notes + Activations.NoteBytes + Activations.NoteSum)), sum);
                scales >>= 16;
                minima >>= 16;
            }
        }
        sum.Store(y);
    }
}
