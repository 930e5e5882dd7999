using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Accelerators.Formats.Codebooks;

namespace Hotplug.Cpu.Kernels.Panels;

/// <summary>IQ4_NL (18 bytes: f16 scale, nibbles that number levels) to <see cref="PanelFormat.U8"/>.</summary>
internal static unsafe class IQ4_NLPanel
{
    // Reads blocks × 18 bytes of each row, and writes 16 bytes of each line of as many blocks.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(byte* a, byte* b, byte* c, byte* d, int blocks, byte* target, nint lane)
    {
        var levels = Vector128.Create(Codebook.FourBitLevels);
        for (; blocks > 0; blocks--, a += 18, b += 18, c += 18, d += 18, target += PanelLines.U8Count * lane)
        {
            LevelPanel.Store(target, lane, levels, a + 2, b + 2, c + 2, d + 2);
            Halves.Four(a, b, c, d).Store((float*)(target + PanelLines.U8Scale * lane));
        }
    }
}
