using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hotplug.Cpu.Kernels.Panels;

/// <summary>Q4_0 (18 bytes: f16 scale, nibbles) to <see cref="PanelFormat.U4"/>; the offset of 8 is the kernel's.</summary>
internal static unsafe class Q4_0Panel
{
    // Reads blocks × 18 bytes of each row, and writes 16 bytes of each line of as many blocks.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(byte* a, byte* b, byte* c, byte* d, int blocks, byte* target, nint lane)
    {
        for (; blocks > 0; blocks--, a += 18, b += 18, c += 18, d += 18, target += PanelLines.U4Count * lane)
        {
            Interleave.Nibbles(target, target + 4 * lane, lane, Vector128.Load(a + 2), Vector128.Load(b + 2), Vector128.Load(c + 2), Vector128.Load(d + 2));
            Halves.Four(a, b, c, d).Store((float*)(target + PanelLines.U4Scale * lane));
        }
    }
}
