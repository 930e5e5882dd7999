using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>Q6_K by one token. 16 rows at once, 512-bit; the arithmetic of the tiles, without a panel.</summary>
internal static unsafe class Q6_KVector512
{
    // Reads blocks × 32 weights of 16 rows, and of the token 32 × blocks codes and 16 × blocks bytes of notes; writes 16 floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(byte* rows, nint step, int blocks, sbyte* x, byte* notes, float* y)
    {
        var sum = Vector512<float>.Zero;
        var next = rows + Rows512.Count * step;
        for (; blocks > 0; blocks -= 8, rows += 210)
        {
            var scale = Rows512.LowHalves(Rows512.Words(rows + 206, step) >> 16);
            for (var sub = 0; sub < 8; sub++, x += 32, notes += Activations.NoteBytes, next += 420)
            {
                Rows512.Prefetch(next, 7);
                // The order of the parts: see Q6_KPanel.
                int low = 64 * (sub / 4) + 32 * (sub & 1), high = 128 + 32 * (sub / 4), shift = 2 * (sub & 3), nibble = 4 * ((sub >> 1) & 1);
                Vector512<sbyte> x0 = Rows512.Repeat(x), x1 = Rows512.Repeat(x + 16);
                var row0 = rows;
                var a0 = Avx512BW.MultiplyAddAdjacent(Codes(row0 + low, row0 + high, step, nibble, shift), x0);
                var b0 = Avx512BW.MultiplyAddAdjacent(Codes(row0 + low + 16, row0 + high + 16, step, nibble, shift), x1);
                var row1 = rows + step;
                var a1 = Avx512BW.MultiplyAddAdjacent(Codes(row1 + low, row1 + high, step, nibble, shift), x0);
                var b1 = Avx512BW.MultiplyAddAdjacent(Codes(row1 + low + 16, row1 + high + 16, step, nibble, shift), x1);
                var row2 = rows + 2 * step;
                var a2 = Avx512BW.MultiplyAddAdjacent(Codes(row2 + low, row2 + high, step, nibble, shift), x0);
                var b2 = Avx512BW.MultiplyAddAdjacent(Codes(row2 + low + 16, row2 + high + 16, step, nibble, shift), x1);
                var row3 = rows + 3 * step;
                var a3 = Avx512BW.MultiplyAddAdjacent(Codes(row3 + low, row3 + high, step, nibble, shift), x0);
                var b3 = Avx512BW.MultiplyAddAdjacent(Codes(row3 + low + 16, row3 + high + 16, step, nibble, shift), x1);
                var scales = Rows512.Words(rows + 192 + 2 * sub, step);
                Vector512<int> first = (scales << 24) >> 24, second = (scales << 16) >> 24;
                var dot = (Rows512.GatherWide(a0, a1, a2, a3) - Vector512.Create(32 * *(short*)(notes + Activations.NoteHalves))) * first
                    + (Rows512.GatherWide(b0, b1, b2, b3) - Vector512.Create(32 * *(short*)(notes + Activations.NoteHalves + 2))) * second;
                sum = Vector512.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(dot) * scale, Vector512.Create(*(float*)notes), sum);
            }
        }
        sum.Store(y);
    }

    // Sixteen codes of every fourth row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Codes(byte* low, byte* high, nint step, int nibble, int shift)
    {
        var nibbles = (Rows512.Load(low, step).AsUInt16() >> nibble).AsByte() & Vector512.Create((byte)15);
        return nibbles | (((Rows512.Load(high, step).AsUInt16() >> shift) & Vector512.Create((ushort)0x0303)) << 4).AsByte();
    }
}
