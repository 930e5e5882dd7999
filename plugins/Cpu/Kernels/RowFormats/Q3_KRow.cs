using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.RowFormats;

/// <summary>Q3_K (110 bytes per 256: third bits, 2-bit codes, packed 6-bit scales of sixteen, f16 scale).</summary>
internal readonly unsafe struct Q3_KRow : IRowFormat
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read(byte* x, float* y, int count)
    {
        for (; count > 0; count -= 256, x += 110)
        {
            var d = Halves.One(x + 108);
            for (var group = 0; group < 16; group++, y += 16) Levels.Store16(Codes(x, group) - Vector128.Create((sbyte)4), d * Scale(x + 96, group), y);
        }
    }

    /// <summary>Sixteen codes, 0 to 7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<sbyte> Codes(byte* x, int group)
    {
        var half = 16 * (group & 1);
        var low = (Vector128.Load(x + 32 + 32 * (group / 8) + half).AsUInt16() >> (2 * (group / 2 & 3))).AsByte() & Vector128.Create((byte)3);
        var high = (Vector128.Load(x + half).AsUInt16() >> (group / 2)).AsByte() & Vector128.Create((byte)1);
        return (low | (high.AsUInt16() << 2).AsByte()).AsSByte();
    }

    /// <summary>The scale of a group, −32 to 31.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Scale(byte* scales, int group)
        => ((scales[group & 7] >> (4 * (group / 8)) & 15) | (scales[8 + (group & 3)] >> (2 * (group / 4)) & 3) << 4) - 32;
}
