using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hotplug.Cpu.Kernels.Panels;

/// <summary>Q4_K (144 bytes per 256: f16 scale and minimum, packed 6-bit factors of both, nibbles) to <see cref="PanelFormat.U4"/>.</summary>
internal static unsafe class Q4_KPanel
{
    // Reads blocks × 18 (144 per eight) bytes of each row, and writes 16 bytes of each line of as many blocks.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(byte* a, byte* b, byte* c, byte* d, int blocks, byte* target, nint lane)
    {
        var block = PanelLines.U4Count * lane;
        for (; blocks > 0; blocks -= 8, a += 144, b += 144, c += 144, d += 144)
        {
            var scale = Halves.Four(a, b, c, d);
            var minimum = Vector128<float>.Zero - Halves.Four(a + 2, b + 2, c + 2, d + 2);
            ulong sa = KScales.Scales(a + 4, out var ma), sb = KScales.Scales(b + 4, out var mb);
            ulong sc = KScales.Scales(c + 4, out var mc), sd = KScales.Scales(d + 4, out var md);
            for (var pair = 0; pair < 4; pair++, target += 2 * block)
            {
                byte* qa = a + 16 + 32 * pair, qb = b + 16 + 32 * pair, qc = c + 16 + 32 * pair, qd = d + 16 + 32 * pair;
                Interleave.Nibbles(target, target + block, lane, Vector128.Load(qa), Vector128.Load(qb), Vector128.Load(qc), Vector128.Load(qd));
                Interleave.Nibbles(target + 4 * lane, target + block + 4 * lane, lane,
                    Vector128.Load(qa + 16), Vector128.Load(qb + 16), Vector128.Load(qc + 16), Vector128.Load(qd + 16));
                for (var part = 0; part < 2; part++)
                {
                    var shift = 16 * pair + 8 * part;
                    var place = target + part * block;
                    (scale * KScales.Four(sa, sb, sc, sd, shift)).Store((float*)(place + PanelLines.U4Scale * lane));
                    (minimum * KScales.Four(ma, mb, mc, md, shift)).Store((float*)(place + PanelLines.U4Minimum * lane));
                }
            }
        }
    }
}
