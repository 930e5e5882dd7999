using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Accelerators.Formats.Codebooks;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.RowFormats;

/// <summary>IQ4_XS (136 bytes per 256: f16 scale, packed 6-bit scales of 32, nibbles that number levels).</summary>
internal readonly unsafe struct IQ4_XSRow : IRowFormat
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read(byte* x, float* y, int count)
    {
        var levels = Vector128.Create(Codebook.FourBitLevels);
        for (; count > 0; count -= 256, x += 136)
        {
            var d = Halves.One(x);
            for (var sub = 0; sub < 8; sub++, y += 32) IQ4_NLRow.Nibbles(x + 8 + 16 * sub, levels, d * Scale(x, sub), y);
        }
    }

    /// <summary>The scale of 32 elements, −32 to 31.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Scale(byte* x, int sub) => ((x[4 + sub / 2] >> (4 * (sub & 1)) & 15) | (*(ushort*)(x + 2) >> (2 * sub) & 3) << 4) - 32;
}
