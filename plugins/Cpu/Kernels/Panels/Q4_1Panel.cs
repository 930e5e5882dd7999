using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hotplug.Cpu.Kernels.Panels;

/// <summary>Q4_1 (20 bytes: f16 scale and minimum, nibbles) to <see cref="PanelFormat.U4"/>.</summary>
internal static unsafe class Q4_1Panel
{
    // Reads blocks × 20 bytes of each row, and writes 16 bytes of each line of as many blocks.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(byte* a, byte* b, byte* c, byte* d, int blocks, byte* target, nint lane)
    {
        for (; blocks > 0; blocks--, a += 20, b += 20, c += 20, d += 20, target += PanelLines.U4Count * lane)
        {
            Interleave.Nibbles(target, target + 4 * lane, lane, Vector128.Load(a + 4), Vector128.Load(b + 4), Vector128.Load(c + 4), Vector128.Load(d + 4));
            Halves.Four(a, b, c, d).Store((float*)(target + PanelLines.U4Scale * lane));
            Halves.Four(a + 2, b + 2, c + 2, d + 2).Store((float*)(target + PanelLines.U4Minimum * lane));
        }
    }
}
