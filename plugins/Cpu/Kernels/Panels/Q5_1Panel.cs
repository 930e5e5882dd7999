using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hotplug.Cpu.Kernels.Panels;

/// <summary>Q5_1 (24 bytes: f16 scale and minimum, 32 high bits, nibbles) to <see cref="PanelFormat.U6"/>.</summary>
internal static unsafe class Q5_1Panel
{
    // Reads blocks × 24 bytes of each row, and writes 16 bytes of each line of as many blocks.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(byte* a, byte* b, byte* c, byte* d, int blocks, byte* target, nint lane)
    {
        var one = Vector128.Create((short)1);
        for (; blocks > 0; blocks--, a += 24, b += 24, c += 24, d += 24, target += PanelLines.U6Count * lane)
        {
            uint ha = *(uint*)(a + 4), hb = *(uint*)(b + 4), hc = *(uint*)(c + 4), hd = *(uint*)(d + 4);
            Interleave.Bytes(target, lane, Q5_0Panel.Low(a + 8, ha), Q5_0Panel.Low(b + 8, hb), Q5_0Panel.Low(c + 8, hc), Q5_0Panel.Low(d + 8, hd));
            Interleave.Bytes(target + 4 * lane, lane,
                Q5_0Panel.High(a + 8, ha), Q5_0Panel.High(b + 8, hb), Q5_0Panel.High(c + 8, hc), Q5_0Panel.High(d + 8, hd));
            one.Store((short*)(target + PanelLines.U6First * lane));
            one.Store((short*)(target + PanelLines.U6Second * lane));
            Halves.Four(a, b, c, d).Store((float*)(target + PanelLines.U6Scale * lane));
            Halves.Four(a + 2, b + 2, c + 2, d + 2).Store((float*)(target + PanelLines.U6Minimum * lane));
        }
    }
}
