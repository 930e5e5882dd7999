using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hotplug.Cpu.Kernels.Panels;

/// <summary>Q8_0 (34 bytes: f16 scale, signed bytes) to <see cref="PanelFormat.U8"/>.</summary>
internal static unsafe class Q8_0Panel
{
    // Reads blocks × 34 bytes of each row, and writes 16 bytes of each line of as many blocks.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(byte* a, byte* b, byte* c, byte* d, int blocks, byte* target, nint lane)
    {
        var sign = Vector128.Create((byte)128);
        for (; blocks > 0; blocks--, a += 34, b += 34, c += 34, d += 34, target += PanelLines.U8Count * lane)
        {
            Interleave.Nibbles(target, target + PanelLines.U8High * lane, lane,
                Vector128.Load(a + 2) ^ sign, Vector128.Load(b + 2) ^ sign, Vector128.Load(c + 2) ^ sign, Vector128.Load(d + 2) ^ sign);
            Interleave.Nibbles(target + 4 * lane, target + (PanelLines.U8High + 4) * lane, lane,
                Vector128.Load(a + 18) ^ sign, Vector128.Load(b + 18) ^ sign, Vector128.Load(c + 18) ^ sign, Vector128.Load(d + 18) ^ sign);
            Halves.Four(a, b, c, d).Store((float*)(target + PanelLines.U8Scale * lane));
        }
    }
}
