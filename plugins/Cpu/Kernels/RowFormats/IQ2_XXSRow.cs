using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Accelerators.Formats.Codebooks;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.RowFormats;

/// <summary>IQ2_XXS (66 bytes per 256: f16 scale, per 32 four entries of the grid and a word of signs and scale).</summary>
internal readonly unsafe struct IQ2_XXSRow : IRowFormat
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read(byte* x, float* y, int count)
    {
        var grid = Grids.Iq2Xxs;
        for (; count > 0; count -= 256, x += 66)
        {
            var d = Halves.One(x);
            for (var sub = 0; sub < 8; sub++)
            {
                var entries = x + 2 + 8 * sub;
                var word = *(uint*)(entries + 4);
                var scale = d * (0.5f + (word >> 28)) * 0.25f;
                for (var i = 0; i < 4; i++, y += 8) Levels.StoreSigned8(grid[entries[i]], Codebook.Signs((int)(word >> (7 * i) & 127)), scale, y);
            }
        }
    }
}
