using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>Q4_K by one token. 16 rows at once, 512-bit; the arithmetic of the tiles, without a panel.</summary>
internal static unsafe class Q4_KVector512
{
    // Reads blocks × 32 weights of 16 rows, and of the token twice 32 × blocks codes and 16 × blocks bytes of notes; writes 16 floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TBits>(byte* rows, nint step, int blocks, sbyte* x, nint finer, byte* notes, float* y) where TBits : struct, IActivationBits
    {
        var fine = x + finer;
        var mask = Vector512.Create((byte)15);
        var sum = Vector512<float>.Zero;
        Vector512<short> ones = Vector512.Create((short)1), steps = Vector512.Create((short)Activations.Steps);
        var next = rows + Rows512.Count * step;
        for (; blocks > 0; blocks -= 8, rows += 144)
        {
            var words = Rows512.Words(rows, step);
            Vector512<float> scale = Rows512.LowHalves(words), minimum = Vector512<float>.Zero - Rows512.HighHalves(words);
            // Six bits of eight scales and minima, four to a word: see KScales.
            Vector512<int> first = Rows512.Words(rows + 4, step), second = Rows512.Words(rows + 8, step), third = Rows512.Words(rows + 12, step);
            Vector512<int> six = Vector512.Create(0x3F3F3F3F), four = Vector512.Create(0x0F0F0F0F), two = Vector512.Create(0x30303030);
            Vector512<int> scales = first & six, minima = second & six;
            Vector512<int> laterScales = (third & four) | ((first >> 2) & two), laterMinima = ((third >> 4) & four) | ((second >> 2) & two);
            for (var pair = 0; pair < 4; pair++, x += 64, fine += 64, notes += 2 * Activations.NoteBytes, next += 576)
            {
                Rows512.Prefetch(next, 9);
                if (pair == 2) (scales, minima) = (laterScales, laterMinima);
                var q = rows + 16 + 32 * pair;
                Vector512<sbyte> x00 = Rows512.RepeatCoarse<TBits>(x), x01 = Rows512.RepeatCoarse<TBits>(x + 16), fine00 = Rows512.Repeat(fine), fine01 = Rows512.Repeat(fine + 16);
                Vector512<sbyte> x10 = Rows512.RepeatCoarse<TBits>(x + 32), x11 = Rows512.RepeatCoarse<TBits>(x + 48), fine10 = Rows512.Repeat(fine + 32), fine11 = Rows512.Repeat(fine + 48);
                Vector512<byte> a0 = Rows512.Load(q, step), b0 = Rows512.Load(q + 16, step);
                Vector512<byte> u00 = a0 & mask, v00 = b0 & mask;
                var p00 = Avx512BW.MultiplyAddAdjacent(u00, x00) + Avx512BW.MultiplyAddAdjacent(v00, x01);
                var f00 = Avx512BW.MultiplyAddAdjacent(u00, fine00) + Avx512BW.MultiplyAddAdjacent(v00, fine01);
                Vector512<byte> u10 = (a0.AsUInt16() >> 4).AsByte() & mask, v10 = (b0.AsUInt16() >> 4).AsByte() & mask;
                var p10 = Avx512BW.MultiplyAddAdjacent(u10, x10) + Avx512BW.MultiplyAddAdjacent(v10, x11);
                var f10 = Avx512BW.MultiplyAddAdjacent(u10, fine10) + Avx512BW.MultiplyAddAdjacent(v10, fine11);
                Vector512<byte> a1 = Rows512.Load(q + step, step), b1 = Rows512.Load(q + step + 16, step);
                Vector512<byte> u01 = a1 & mask, v01 = b1 & mask;
                var p01 = Avx512BW.MultiplyAddAdjacent(u01, x00) + Avx512BW.MultiplyAddAdjacent(v01, x01);
                var f01 = Avx512BW.MultiplyAddAdjacent(u01, fine00) + Avx512BW.MultiplyAddAdjacent(v01, fine01);
                Vector512<byte> u11 = (a1.AsUInt16() >> 4).AsByte() & mask, v11 = (b1.AsUInt16() >> 4).AsByte() & mask;
                var p11 = Avx512BW.MultiplyAddAdjacent(u11, x10) + Avx512BW.MultiplyAddAdjacent(v11, x11);
                var f11 = Avx512BW.MultiplyAddAdjacent(u11, fine10) + Avx512BW.MultiplyAddAdjacent(v11, fine11);
                Vector512<byte> a2 = Rows512.Load(q + 2 * step, step), b2 = Rows512.Load(q + 2 * step + 16, step);
                Vector512<byte> u02 = a2 & mask, v02 = b2 & mask;
                var p02 = Avx512BW.MultiplyAddAdjacent(u02, x00) + Avx512BW.MultiplyAddAdjacent(v02, x01);
                var f02 = Avx512BW.MultiplyAddAdjacent(u02, fine00) + Avx512BW.MultiplyAddAdjacent(v02, fine01);
                Vector512<byte> u12 = (a2.AsUInt16() >> 4).AsByte() & mask, v12 = (b2.AsUInt16() >> 4).AsByte() & mask;
                var p12 = Avx512BW.MultiplyAddAdjacent(u12, x10) + Avx512BW.MultiplyAddAdjacent(v12, x11);
                var f12 = Avx512BW.MultiplyAddAdjacent(u12, fine10) + Avx512BW.MultiplyAddAdjacent(v12, fine11);
                Vector512<byte> a3 = Rows512.Load(q + 3 * step, step), b3 = Rows512.Load(q + 3 * step + 16, step);
                Vector512<byte> u03 = a3 & mask, v03 = b3 & mask;
                var p03 = Avx512BW.MultiplyAddAdjacent(u03, x00) + Avx512BW.MultiplyAddAdjacent(v03, x01);
                var f03 = Avx512BW.MultiplyAddAdjacent(u03, fine00) + Avx512BW.MultiplyAddAdjacent(v03, fine01);
                Vector512<byte> u13 = (a3.AsUInt16() >> 4).AsByte() & mask, v13 = (b3.AsUInt16() >> 4).AsByte() & mask;
                var p13 = Avx512BW.MultiplyAddAdjacent(u13, x10) + Avx512BW.MultiplyAddAdjacent(v13, x11);
                var f13 = Avx512BW.MultiplyAddAdjacent(u13, fine10) + Avx512BW.MultiplyAddAdjacent(v13, fine11);
                var i0 = Rows512.Gather(f00, f01, f02, f03, ones);
                if (TBits.HaveCoarse) i0 += Rows512.Gather(p00, p01, p02, p03, steps);
                sum = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i0) * (scale * Avx512F.ConvertToVector512Single(scales & Vector512.Create(0xFF))), Vector512.Create(*(float*)notes), sum);
                sum = Vector512.FusedMultiplyAdd(minimum * Avx512F.ConvertToVector512Single(minima & Vector512.Create(0xFF)), Vector512.Create(*(float*)(notes + Activations.NoteSum)), sum);
                var i1 = Rows512.Gather(f10, f11, f12, f13, ones);
                if (TBits.HaveCoarse) i1 += Rows512.Gather(p10, p11, p12, p13, steps);
                sum = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(i1) * (scale * Avx512F.ConvertToVector512Single((scales >> 8) & Vector512.Create(0xFF))), Vector512.Create(*(float*)(notes + Activations.NoteBytes)), sum);
                sum = Vector512.FusedMultiplyAdd(minimum * Avx512F.ConvertToVector512Single((minima >> 8) & Vector512.Create(0xFF)), Vector512.Create(*(float*)(notes + Activations.NoteBytes + Activations.NoteSum)), sum);
                scales >>= 16;
                minima >>= 16;
            }
        }
        sum.Store(y);
    }
}
