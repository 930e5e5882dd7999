using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.RowFormats;

/// <summary>IQ1_S (50 bytes per 256: f16 scale, low bits of entries of the grid, words of high bits, a scale of 32 and the sign of its shift).</summary>
internal readonly unsafe struct IQ1_SRow : IRowFormat
{
    public const float Shift = 0.125f;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read(byte* x, float* y, int count)
    {
        var grid = Grids.Iq1;
        for (; count > 0; count -= 256, x += 50)
        {
            var d = Halves.One(x);
            for (var sub = 0; sub < 8; sub++)
            {
                int word = *(ushort*)(x + 34 + 2 * sub);
                var scale = d * (2 * (word >> 12 & 7) + 1);
                var shift = (word & 0x8000) != 0 ? -Shift : Shift;
                for (var i = 0; i < 4; i++, y += 8) Levels.StoreShifted8(grid[x[2 + 4 * sub + i] | (word >> (3 * i) & 7) << 8], shift, scale, y);
            }
        }
    }
}
