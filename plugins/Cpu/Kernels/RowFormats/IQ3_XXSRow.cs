using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Accelerators.Formats.Codebooks;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.RowFormats;

/// <summary>IQ3_XXS (98 bytes per 256: f16 scale, entries of the grid, words of signs and a scale of 32).</summary>
internal readonly unsafe struct IQ3_XXSRow : IRowFormat
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read(byte* x, float* y, int count)
    {
        var grid = Grids.Iq3Xxs;
        for (; count > 0; count -= 256, x += 98)
        {
            var d = Halves.One(x);
            for (var sub = 0; sub < 8; sub++)
            {
                var entries = x + 2 + 8 * sub;
                var word = *(uint*)(x + 66 + 4 * sub);
                var scale = d * (0.5f + (word >> 28)) * 0.5f;
                for (var i = 0; i < 4; i++, y += 8)
                    Levels.StoreSigned8(grid[entries[2 * i]] | (ulong)grid[entries[2 * i + 1]] << 32, Codebook.Signs((int)(word >> (7 * i) & 127)), scale, y);
            }
        }
    }
}
