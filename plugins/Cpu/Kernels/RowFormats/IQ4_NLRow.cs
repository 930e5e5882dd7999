using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Accelerators.Formats.Codebooks;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.RowFormats;

/// <summary>IQ4_NL (18 bytes per 32: f16 scale, nibbles that number levels).</summary>
internal readonly unsafe struct IQ4_NLRow : IRowFormat
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read(byte* x, float* y, int count)
    {
        var levels = Vector128.Create(Codebook.FourBitLevels);
        for (; count > 0; count -= 32, x += 18, y += 32) Nibbles(x + 2, levels, Halves.One(x), y);
    }

    /// <summary>32 scaled levels of sixteen bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Nibbles(byte* nibbles, Vector128<sbyte> levels, float scale, float* y)
    {
        var (mask, codes) = (Vector128.Create((byte)15), Vector128.Load(nibbles));
        Levels.Store16(Vector128.Shuffle(levels, (codes & mask).AsSByte()), scale, y);
        Levels.Store16(Vector128.Shuffle(levels, ((codes.AsUInt16() >> 4).AsByte() & mask).AsSByte()), scale, y + 16);
    }
}
