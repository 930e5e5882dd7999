using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.RowFormats;

/// <summary>Q2_K (84 bytes per 256: 4-bit scales and minima of sixteen, 2-bit codes, f16 scale and minimum).</summary>
internal readonly unsafe struct Q2_KRow : IRowFormat
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read(byte* x, float* y, int count)
    {
        var mask = Vector128.Create((byte)3);
        for (; count > 0; count -= 256, x += 84)
        {
            float d = Halves.One(x + 80), least = Halves.One(x + 82);
            for (var group = 0; group < 16; group++, y += 16)
            {
                var codes = (Vector128.Load(x + 16 + 32 * (group / 8) + 16 * (group & 1)).AsUInt16() >> (2 * (group / 2 & 3))).AsByte() & mask;
                Levels.Store16(codes.AsSByte(), d * (x[group] & 15), least * (x[group] >> 4), y);
            }
        }
    }
}
