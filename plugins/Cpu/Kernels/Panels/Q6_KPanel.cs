using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hotplug.Cpu.Kernels.Panels;

/// <summary>Q6_K (210 bytes per 256: nibbles, 2-bit high parts, signed 8-bit scales per sixteen, f16 scale) to <see cref="PanelFormat.U6"/>.</summary>
internal static unsafe class Q6_KPanel
{
    // Reads blocks × 26.25 (210 per eight) bytes of each row, and writes 16 bytes of each line of as many blocks.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(byte* a, byte* b, byte* c, byte* d, int blocks, byte* target, nint lane)
    {
        for (; blocks > 0; blocks -= 8, a += 210, b += 210, c += 210, d += 210)
        {
            var scale = Halves.Four(a + 208, b + 208, c + 208, d + 208);
            for (var sub = 0; sub < 8; sub++, target += PanelLines.U6Count * lane)
            {
                // 128 weights are four runs of 32: low nibbles of 64 bytes, then their high nibbles; the 2-bit parts of all four share 32 bytes.
                int low = 64 * (sub / 4) + 32 * (sub & 1), high = 128 + 32 * (sub / 4), shift = 2 * (sub & 3), nibble = 4 * ((sub >> 1) & 1);
                for (var half = 0; half < 2; half++, low += 16, high += 16)
                    Interleave.Bytes(target + 4 * half * lane, lane,
                        Codes(a + low, a + high, nibble, shift), Codes(b + low, b + high, nibble, shift),
                        Codes(c + low, c + high, nibble, shift), Codes(d + low, d + high, nibble, shift));
                var s = 192 + 2 * sub;
                Pairs(a[s], b[s], c[s], d[s]).Store((int*)(target + PanelLines.U6First * lane));
                Pairs(a[s + 1], b[s + 1], c[s + 1], d[s + 1]).Store((int*)(target + PanelLines.U6Second * lane));
                Vector128.Create(Offset(a + s), Offset(b + s), Offset(c + s), Offset(d + s)).Store((int*)(target + PanelLines.U6Offset * lane));
                scale.Store((float*)(target + PanelLines.U6Scale * lane));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Codes(byte* low, byte* high, int nibble, int shift)
    {
        var nibbles = (Vector128.Load(low).AsUInt16() >> nibble).AsByte() & Vector128.Create((byte)15);
        var parts = ((Vector128.Load(high).AsUInt16() >> shift).AsByte() & Vector128.Create((byte)3)).AsUInt16() << 4;
        return nibbles | parts.AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Pairs(byte a, byte b, byte c, byte d)
    {
        var scales = Vector128.Create((int)(sbyte)a, (sbyte)b, (sbyte)c, (sbyte)d);
        return (scales << 16) | (scales & Vector128.Create(0xFFFF));
    }

    // The int16 pair −32 · scale of both halves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Offset(byte* scales) => (-32 * (sbyte)scales[0] & 0xFFFF) | (-32 * (sbyte)scales[1] << 16);
}
