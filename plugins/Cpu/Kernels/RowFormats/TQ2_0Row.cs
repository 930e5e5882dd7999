using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.RowFormats;

/// <summary>TQ2_0 (66 bytes per 256: 2-bit codes, f16 scale).</summary>
internal readonly unsafe struct TQ2_0Row : IRowFormat
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read(byte* x, float* y, int count)
    {
        var mask = Vector128.Create((byte)3);
        for (; count > 0; count -= 256, x += 66)
        {
            var d = Halves.One(x + 64);
            for (var group = 0; group < 16; group++, y += 16)
            {
                var codes = (Vector128.Load(x + 32 * (group / 8) + 16 * (group & 1)).AsUInt16() >> (2 * (group / 2 & 3))).AsByte() & mask;
                Levels.Store16((codes - Vector128<byte>.One).AsSByte(), d, y);
            }
        }
    }
}
