using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Accelerators.Formats.Codebooks;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.RowFormats;

/// <summary>IQ2_XS (74 bytes per 256: f16 scale, words of an entry of the grid and signs, 4-bit scales of sixteen).</summary>
internal readonly unsafe struct IQ2_XSRow : IRowFormat
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read(byte* x, float* y, int count)
    {
        var grid = Grids.Iq2Xs;
        for (; count > 0; count -= 256, x += 74)
        {
            var d = Halves.One(x);
            for (var i = 0; i < 32; i++, y += 8)
            {
                int word = *(ushort*)(x + 2 + 2 * i);
                var scale = d * (0.5f + (x[66 + i / 4] >> (4 * (i / 2 & 1)) & 15)) * 0.25f;
                Levels.StoreSigned8(grid[word & 511], Codebook.Signs(word >> 9), scale, y);
            }
        }
    }
}
