using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>Q5_K by one token. 8 rows at once, 256-bit; the arithmetic of the tiles, without a panel.</summary>
internal static unsafe class Q5_KVector256
{
    // Reads blocks × 32 weights of 8 rows, and of the token twice 32 × blocks codes and 16 × blocks bytes of notes; writes 8 floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(byte* rows, nint step, int blocks, sbyte* x, nint finer, byte* notes, float* y)
    {
        var fine = x + finer;
        var mask = Vector256.Create((byte)15);
        var sum = Vector256<float>.Zero;
        var steps = Vector256.Create((float)Activations.Steps);
        var next = rows + Rows256.Count * step;
        for (; blocks > 0; blocks -= 8, rows += 176)
        {
            var words = Rows256.Words(rows, step);
            Vector256<float> scale = Rows256.LowHalves(words), minimum = Vector256<float>.Zero - Rows256.HighHalves(words);
            // Six bits of eight scales and minima, four to a word: see KScales.
            Vector256<int> first = Rows256.Words(rows + 4, step), second = Rows256.Words(rows + 8, step), third = Rows256.Words(rows + 12, step);
            Vector256<int> six = Vector256.Create(0x3F3F3F3F), four = Vector256.Create(0x0F0F0F0F), two = Vector256.Create(0x30303030);
            Vector256<int> scales = first & six, minima = second & six;
            Vector256<int> laterScales = (third & four) | ((first >> 2) & two), laterMinima = ((third >> 4) & four) | ((second >> 2) & two);
            for (var pair = 0; pair < 4; pair++, x += 64, fine += 64, notes += 2 * Activations.NoteBytes, next += 352)
            {
                Rows256.Prefetch(next, 6);
                if (pair == 2) (scales, minima) = (laterScales, laterMinima);
                var q = rows + 48 + 32 * pair;
                Vector256<sbyte> x00 = Rows256.Repeat(x), x01 = Rows256.Repeat(x + 16), fine00 = Rows256.Repeat(fine), fine01 = Rows256.Repeat(fine + 16);
                Vector256<sbyte> x10 = Rows256.Repeat(x + 32), x11 = Rows256.Repeat(x + 48), fine10 = Rows256.Repeat(fine + 32), fine11 = Rows256.Repeat(fine + 48);
                Vector256<byte> a0 = Rows256.Load(q, step), b0 = Rows256.Load(q + 16, step);
                Vector256<byte> c0 = Rows256.Load(rows + 16, step), d0 = Rows256.Load(rows + 32, step);
                Vector256<byte> u00 = (a0 & mask) | Fifth(c0, 2 * pair), v00 = (b0 & mask) | Fifth(d0, 2 * pair);
                var p00 = Avx2.MultiplyAddAdjacent(u00, x00) + Avx2.MultiplyAddAdjacent(v00, x01);
                var f00 = Avx2.MultiplyAddAdjacent(u00, fine00) + Avx2.MultiplyAddAdjacent(v00, fine01);
                Vector256<byte> u10 = ((a0.AsUInt16() >> 4).AsByte() & mask) | Fifth(c0, 2 * pair + 1), v10 = ((b0.AsUInt16() >> 4).AsByte() & mask) | Fifth(d0, 2 * pair + 1);
                var p10 = Avx2.MultiplyAddAdjacent(u10, x10) + Avx2.MultiplyAddAdjacent(v10, x11);
                var f10 = Avx2.MultiplyAddAdjacent(u10, fine10) + Avx2.MultiplyAddAdjacent(v10, fine11);
                Vector256<byte> a1 = Rows256.Load(q + step, step), b1 = Rows256.Load(q + step + 16, step);
                Vector256<byte> c1 = Rows256.Load(rows + step + 16, step), d1 = Rows256.Load(rows + step + 32, step);
                Vector256<byte> u01 = (a1 & mask) | Fifth(c1, 2 * pair), v01 = (b1 & mask) | Fifth(d1, 2 * pair);
                var p01 = Avx2.MultiplyAddAdjacent(u01, x00) + Avx2.MultiplyAddAdjacent(v01, x01);
                var f01 = Avx2.MultiplyAddAdjacent(u01, fine00) + Avx2.MultiplyAddAdjacent(v01, fine01);
                Vector256<byte> u11 = ((a1.AsUInt16() >> 4).AsByte() & mask) | Fifth(c1, 2 * pair + 1), v11 = ((b1.AsUInt16() >> 4).AsByte() & mask) | Fifth(d1, 2 * pair + 1);
                var p11 = Avx2.MultiplyAddAdjacent(u11, x10) + Avx2.MultiplyAddAdjacent(v11, x11);
                var f11 = Avx2.MultiplyAddAdjacent(u11, fine10) + Avx2.MultiplyAddAdjacent(v11, fine11);
                Vector256<byte> a2 = Rows256.Load(q + 2 * step, step), b2 = Rows256.Load(q + 2 * step + 16, step);
                Vector256<byte> c2 = Rows256.Load(rows + 2 * step + 16, step), d2 = Rows256.Load(rows + 2 * step + 32, step);
                Vector256<byte> u02 = (a2 & mask) | Fifth(c2, 2 * pair), v02 = (b2 & mask) | Fifth(d2, 2 * pair);
                var p02 = Avx2.MultiplyAddAdjacent(u02, x00) + Avx2.MultiplyAddAdjacent(v02, x01);
                var f02 = Avx2.MultiplyAddAdjacent(u02, fine00) + Avx2.MultiplyAddAdjacent(v02, fine01);
                Vector256<byte> u12 = ((a2.AsUInt16() >> 4).AsByte() & mask) | Fifth(c2, 2 * pair + 1), v12 = ((b2.AsUInt16() >> 4).AsByte() & mask) | Fifth(d2, 2 * pair + 1);
                var p12 = Avx2.MultiplyAddAdjacent(u12, x10) + Avx2.MultiplyAddAdjacent(v12, x11);
                var f12 = Avx2.MultiplyAddAdjacent(u12, fine10) + Avx2.MultiplyAddAdjacent(v12, fine11);
                Vector256<byte> a3 = Rows256.Load(q + 3 * step, step), b3 = Rows256.Load(q + 3 * step + 16, step);
                Vector256<byte> c3 = Rows256.Load(rows + 3 * step + 16, step), d3 = Rows256.Load(rows + 3 * step + 32, step);
                Vector256<byte> u03 = (a3 & mask) | Fifth(c3, 2 * pair), v03 = (b3 & mask) | Fifth(d3, 2 * pair);
                var p03 = Avx2.MultiplyAddAdjacent(u03, x00) + Avx2.MultiplyAddAdjacent(v03, x01);
                var f03 = Avx2.MultiplyAddAdjacent(u03, fine00) + Avx2.MultiplyAddAdjacent(v03, fine01);
                Vector256<byte> u13 = ((a3.AsUInt16() >> 4).AsByte() & mask) | Fifth(c3, 2 * pair + 1), v13 = ((b3.AsUInt16() >> 4).AsByte() & mask) | Fifth(d3, 2 * pair + 1);
                var p13 = Avx2.MultiplyAddAdjacent(u13, x10) + Avx2.MultiplyAddAdjacent(v13, x11);
                var f13 = Avx2.MultiplyAddAdjacent(u13, fine10) + Avx2.MultiplyAddAdjacent(v13, fine11);
                var dot0 = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(Rows256.GatherWide(p00, p01, p02, p03)), steps, Avx.ConvertToVector256Single(Rows256.GatherWide(f00, f01, f02, f03)));
                sum = Vector256.FusedMultiplyAdd(dot0 * (scale * Avx.ConvertToVector256Single(scales & Vector256.Create(0xFF))), Vector256.Create(*(float*)notes), sum);
                sum = Vector256.FusedMultiplyAdd(minimum * Avx.ConvertToVector256Single(minima & Vector256.Create(0xFF)), Vector256.Create(*(float*)(notes + Activations.NoteSum)), sum);
                var dot1 = Vector256.FusedMultiplyAdd(Avx.ConvertToVector256Single(Rows256.GatherWide(p10, p11, p12, p13)), steps, Avx.ConvertToVector256Single(Rows256.GatherWide(f10, f11, f12, f13)));
                sum = Vector256.FusedMultiplyAdd(dot1 * (scale * Avx.ConvertToVector256Single((scales >> 8) & Vector256.Create(0xFF))), Vector256.Create(*(float*)(notes + Activations.NoteBytes)), sum);
                sum = Vector256.FusedMultiplyAdd(minimum * Avx.ConvertToVector256Single((minima >> 8) & Vector256.Create(0xFF)), Vector256.Create(*(float*)(notes + Activations.NoteBytes + Activations.NoteSum)), sum);
                scales >>= 16;
                minima >>= 16;
            }
        }
        sum.Store(y);
    }

    // Bit `bit` of every byte becomes 16.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Fifth(Vector256<byte> bits, int bit)
        => (((bits.AsUInt16() >> bit) & Vector256.Create((ushort)0x0101)) << 4).AsByte();
}
