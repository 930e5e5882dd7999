using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.RowFormats;

/// <summary>IQ1_M (56 bytes per 256: low bits of entries of the grid, nibbles of high bits and the sign of a shift, words of 3-bit scales of sixteen and a part of the f16 scale).</summary>
internal readonly unsafe struct IQ1_MRow : IRowFormat
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read(byte* x, float* y, int count)
    {
        var grid = Grids.Iq1;
        for (; count > 0; count -= 256, x += 56)
        {
            var words = (ushort*)(x + 48);
            var half = (ushort)(words[0] >> 12 | words[1] >> 8 & 0xF0 | words[2] >> 4 & 0xF00 | words[3] & 0xF000);
            var d = Halves.One((byte*)&half);
            for (var i = 0; i < 32; i++, y += 8)
            {
                var nibble = x[32 + i / 2] >> (4 * (i & 1)) & 15;
                var scale = d * (2 * (words[i / 8] >> (3 * (i / 2 & 3)) & 7) + 1);
                Levels.StoreShifted8(grid[x[i] | (nibble & 7) << 8], (nibble & 8) != 0 ? -IQ1_SRow.Shift : IQ1_SRow.Shift, scale, y);
            }
        }
    }
}
