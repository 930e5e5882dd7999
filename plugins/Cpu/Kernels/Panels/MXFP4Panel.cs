using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Accelerators.Formats.Codebooks;
using Hotplug.Cpu.Kernels.RowFormats;

namespace Hotplug.Cpu.Kernels.Panels;

/// <summary>MXFP4 (17 bytes: power of two, nibbles of 4-bit floating point) to <see cref="PanelFormat.U8"/>.</summary>
internal static unsafe class MXFP4Panel
{
    // Reads blocks × 17 bytes of each row, and writes 16 bytes of each line of as many blocks.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(byte* a, byte* b, byte* c, byte* d, int blocks, byte* target, nint lane)
    {
        var levels = Vector128.Create(Codebook.Fp4Levels);
        for (; blocks > 0; blocks--, a += 17, b += 17, c += 17, d += 17, target += PanelLines.U8Count * lane)
        {
            LevelPanel.Store(target, lane, levels, a + 1, b + 1, c + 1, d + 1);
            Vector128.Create(MXFP4Row.HalfOf(*a), MXFP4Row.HalfOf(*b), MXFP4Row.HalfOf(*c), MXFP4Row.HalfOf(*d)).Store((float*)(target + PanelLines.U8Scale * lane));
        }
    }
}
