using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.RowFormats;

/// <summary>IQ3_S (110 bytes per 256: f16 scale, low bits of entries of the grid, high bits, signs, 4-bit scales of 32).</summary>
internal readonly unsafe struct IQ3_SRow : IRowFormat
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read(byte* x, float* y, int count)
    {
        var grid = Grids.Iq3S;
        for (; count > 0; count -= 256, x += 110)
        {
            var d = Halves.One(x);
            for (var i = 0; i < 32; i++, y += 8)
            {
                var high = x[66 + i / 4] >> (2 * (i & 3));
                var scale = d * (1 + 2 * (x[106 + i / 8] >> (4 * (i / 4 & 1)) & 15));
                Levels.StoreSigned8(grid[x[2 + 2 * i] | (high & 1) << 8] | (ulong)grid[x[3 + 2 * i] | (high & 2) << 7] << 32, x[74 + i], scale, y);
            }
        }
    }
}
