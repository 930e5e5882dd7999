using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hotplug.Cpu.Kernels.Panels;

/// <summary>Q5_K (176 bytes per 256: f16 scale and minimum, packed 6-bit factors of both, 256 high bits, nibbles) to <see cref="PanelFormat.U6"/>.</summary>
internal static unsafe class Q5_KPanel
{
    // Reads blocks × 22 (176 per eight) bytes of each row, and writes 16 bytes of each line of as many blocks.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(byte* a, byte* b, byte* c, byte* d, int blocks, byte* target, nint lane)
    {
        var block = PanelLines.U6Count * lane;
        var one = Vector128.Create((short)1);
        for (; blocks > 0; blocks -= 8, a += 176, b += 176, c += 176, d += 176)
        {
            var scale = Halves.Four(a, b, c, d);
            var minimum = Vector128<float>.Zero - Halves.Four(a + 2, b + 2, c + 2, d + 2);
            ulong sa = KScales.Scales(a + 4, out var ma), sb = KScales.Scales(b + 4, out var mb);
            ulong sc = KScales.Scales(c + 4, out var mc), sd = KScales.Scales(d + 4, out var md);
            for (var sub = 0; sub < 8; sub++, target += block)
            {
                var q = 48 + 32 * (sub / 2);
                for (var half = 0; half < 2; half++)
                    Interleave.Bytes(target + 4 * half * lane, lane, Codes(a + 16 * half, q, sub), Codes(b + 16 * half, q, sub), Codes(c + 16 * half, q, sub), Codes(d + 16 * half, q, sub));
                one.Store((short*)(target + PanelLines.U6First * lane));
                one.Store((short*)(target + PanelLines.U6Second * lane));
                (scale * KScales.Four(sa, sb, sc, sd, 8 * sub)).Store((float*)(target + PanelLines.U6Scale * lane));
                (minimum * KScales.Four(ma, mb, mc, md, 8 * sub)).Store((float*)(target + PanelLines.U6Minimum * lane));
            }
        }
    }

    // Sixteen codes: nibbles from byte q on, the fifth bit from bit `sub` of the bytes from 16 on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Codes(byte* row, int q, int sub)
    {
        var nibbles = (Vector128.Load(row + q).AsUInt16() >> (4 * (sub & 1))).AsByte() & Vector128.Create((byte)15);
        var high = ((Vector128.Load(row + 16).AsUInt16() >> sub).AsByte() & Vector128.Create((byte)1)).AsUInt16() << 4;
        return nibbles | high.AsByte();
    }
}
