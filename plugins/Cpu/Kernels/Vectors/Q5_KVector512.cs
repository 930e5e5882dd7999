using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>Q5_K by one token. 16 rows at once, 512-bit; the arithmetic of the tiles, without a panel.</summary>
internal static unsafe class Q5_KVector512
{
    // Reads blocks × 32 weights of 16 rows, and of the token 32 × blocks codes and 16 × blocks bytes of notes; writes 16 floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(byte* rows, nint step, int blocks, sbyte* x, byte* notes, float* y)
    {
        var mask = Vector512.Create((byte)15);
        var sum = Vector512<float>.Zero;
        var next = rows + Rows512.Count * step;
        for (; blocks > 0; blocks -= 8, rows += 176)
        {
            var words = Rows512.Words(rows, step);
            Vector512<float> scale = Rows512.LowHalves(words), minimum = Vector512<float>.Zero - Rows512.HighHalves(words);
            // Six bits of eight scales and minima, four to a word: see KScales.
            Vector512<int> first = Rows512.Words(rows + 4, step), second = Rows512.Words(rows + 8, step), third = Rows512.Words(rows + 12, step);
            Vector512<int> six = Vector512.Create(0x3F3F3F3F), four = Vector512.Create(0x0F0F0F0F), two = Vector512.Create(0x30303030);
            Vector512<int> scales = first & six, minima = second & six;
            Vector512<int> laterScales = (third & four) | ((first >> 2) & two), laterMinima = ((third >> 4) & four) | ((second >> 2) & two);
            for (var pair = 0; pair < 4; pair++, x += 64, notes += 2 * Activations.NoteBytes, next += 704)
            {
                Rows512.Prefetch(next, 11);
                if (pair == 2) (scales, minima) = (laterScales, laterMinima);
                var q = rows + 48 + 32 * pair;
                Vector512<sbyte> x00 = Rows512.Repeat(x + 0), x01 = Rows512.Repeat(x + 16);
                Vector512<sbyte> x10 = Rows512.Repeat(x + 32), x11 = Rows512.Repeat(x + 48);
                Vector512<byte> a0 = Rows512.Load(q, step), b0 = Rows512.Load(q + 16, step);
                Vector512<byte> c0 = Rows512.Load(rows + 16, step), d0 = Rows512.Load(rows + 32, step);
                var p00 = Avx512BW.MultiplyAddAdjacent(((a0 & mask) | Fifth(c0, 2 * pair)), x00) + Avx512BW.MultiplyAddAdjacent(((b0 & mask) | Fifth(d0, 2 * pair)), x01);
                var p10 = Avx512BW.MultiplyAddAdjacent((((a0.AsUInt16() >> 4).AsByte() & mask) | Fifth(c0, 2 * pair + 1)), x10) + Avx512BW.MultiplyAddAdjacent((((b0.AsUInt16() >> 4).AsByte() & mask) | Fifth(d0, 2 * pair + 1)), x11);
                Vector512<byte> a1 = Rows512.Load(q + step, step), b1 = Rows512.Load(q + step + 16, step);
                Vector512<byte> c1 = Rows512.Load(rows + step + 16, step), d1 = Rows512.Load(rows + step + 32, step);
                var p01 = Avx512BW.MultiplyAddAdjacent(((a1 & mask) | Fifth(c1, 2 * pair)), x00) + Avx512BW.MultiplyAddAdjacent(((b1 & mask) | Fifth(d1, 2 * pair)), x01);
                var p11 = Avx512BW.MultiplyAddAdjacent((((a1.AsUInt16() >> 4).AsByte() & mask) | Fifth(c1, 2 * pair + 1)), x10) + Avx512BW.MultiplyAddAdjacent((((b1.AsUInt16() >> 4).AsByte() & mask) | Fifth(d1, 2 * pair + 1)), x11);
                Vector512<byte> a2 = Rows512.Load(q + 2 * step, step), b2 = Rows512.Load(q + 2 * step + 16, step);
                Vector512<byte> c2 = Rows512.Load(rows + 2 * step + 16, step), d2 = Rows512.Load(rows + 2 * step + 32, step);
                var p02 = Avx512BW.MultiplyAddAdjacent(((a2 & mask) | Fifth(c2, 2 * pair)), x00) + Avx512BW.MultiplyAddAdjacent(((b2 & mask) | Fifth(d2, 2 * pair)), x01);
                var p12 = Avx512BW.MultiplyAddAdjacent((((a2.AsUInt16() >> 4).AsByte() & mask) | Fifth(c2, 2 * pair + 1)), x10) + Avx512BW.MultiplyAddAdjacent((((b2.AsUInt16() >> 4).AsByte() & mask) | Fifth(d2, 2 * pair + 1)), x11);
                Vector512<byte> a3 = Rows512.Load(q + 3 * step, step), b3 = Rows512.Load(q + 3 * step + 16, step);
                Vector512<byte> c3 = Rows512.Load(rows + 3 * step + 16, step), d3 = Rows512.Load(rows + 3 * step + 32, step);
                var p03 = Avx512BW.MultiplyAddAdjacent(((a3 & mask) | Fifth(c3, 2 * pair)), x00) + Avx512BW.MultiplyAddAdjacent(((b3 & mask) | Fifth(d3, 2 * pair)), x01);
                var p13 = Avx512BW.MultiplyAddAdjacent((((a3.AsUInt16() >> 4).AsByte() & mask) | Fifth(c3, 2 * pair + 1)), x10) + Avx512BW.MultiplyAddAdjacent((((b3.AsUInt16() >> 4).AsByte() & mask) | Fifth(d3, 2 * pair + 1)), x11);
                sum = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(Rows512.GatherWide(p00, p01, p02, p03)) * (scale * Avx512F.ConvertToVector512Single(scales & Vector512.Create(0xFF))), Vector512.Create(*(float*)notes), sum);
                sum = Vector512.FusedMultiplyAdd(minimum * Avx512F.ConvertToVector512Single(minima & Vector512.Create(0xFF)), Vector512.Create(*(float*)(notes + Activations.NoteSum)), sum);
                sum = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(Rows512.GatherWide(p10, p11, p12, p13)) * (scale * Avx512F.ConvertToVector512Single((scales >> 8) & Vector512.Create(0xFF))), Vector512.Create(*(float*)(notes + Activations.NoteBytes)), sum);
                sum = Vector512.FusedMultiplyAdd(minimum * Avx512F.ConvertToVector512Single((minima >> 8) & Vector512.Create(0xFF)), Vector512.Create(*(float*)(notes + Activations.NoteBytes + Activations.NoteSum)), sum);
                scales >>= 16;
                minima >>= 16;
            }
        }
        sum.Store(y);
    }

    // Bit `bit` of every byte becomes 16.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Fifth(Vector512<byte> bits, int bit)
        => (((bits.AsUInt16() >> bit) & Vector512.Create((ushort)0x0101)) << 4).AsByte();
}
