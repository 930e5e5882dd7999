using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.RowFormats;

/// <summary>IQ2_S (82 bytes per 256: f16 scale, low bits of entries of the grid, signs, high bits, 4-bit scales of sixteen).</summary>
internal readonly unsafe struct IQ2_SRow : IRowFormat
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read(byte* x, float* y, int count)
    {
        var grid = Grids.Iq2S;
        for (; count > 0; count -= 256, x += 82)
        {
            var d = Halves.One(x);
            for (var i = 0; i < 32; i++, y += 8)
            {
                var scale = d * (0.5f + (x[74 + i / 4] >> (4 * (i / 2 & 1)) & 15)) * 0.25f;
                Levels.StoreSigned8(grid[x[2 + i] | (x[66 + i / 4] >> (2 * (i & 3)) & 3) << 8], x[34 + i], scale, y);
            }
        }
    }
}
