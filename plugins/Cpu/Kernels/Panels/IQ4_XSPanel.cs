using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Accelerators.Formats.Codebooks;
using Hotplug.Cpu.Kernels.RowFormats;

namespace Hotplug.Cpu.Kernels.Panels;

/// <summary>IQ4_XS (136 bytes per 256: f16 scale, packed 6-bit scales of 32, nibbles that number levels) to <see cref="PanelFormat.U8"/>.</summary>
internal static unsafe class IQ4_XSPanel
{
    // Reads blocks × 17 (136 per eight) bytes of each row, and writes 16 bytes of each line of as many blocks.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(byte* a, byte* b, byte* c, byte* d, int blocks, byte* target, nint lane)
    {
        var levels = Vector128.Create(Codebook.FourBitLevels);
        for (; blocks > 0; blocks -= 8, a += 136, b += 136, c += 136, d += 136)
        {
            var scale = Halves.Four(a, b, c, d);
            for (var sub = 0; sub < 8; sub++, target += PanelLines.U8Count * lane)
            {
                var q = 8 + 16 * sub;
                LevelPanel.Store(target, lane, levels, a + q, b + q, c + q, d + q);
                var factors = Vector128.Create(IQ4_XSRow.Scale(a, sub), IQ4_XSRow.Scale(b, sub), IQ4_XSRow.Scale(c, sub), IQ4_XSRow.Scale(d, sub));
                (scale * Vector128.ConvertToSingle(factors)).Store((float*)(target + PanelLines.U8Scale * lane));
            }
        }
    }
}
