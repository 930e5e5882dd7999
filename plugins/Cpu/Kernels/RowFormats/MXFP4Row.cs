using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Accelerators.Formats.Codebooks;

namespace Hotplug.Cpu.Kernels.RowFormats;

/// <summary>MXFP4 (17 bytes per 32: power of two, nibbles of 4-bit floating point).</summary>
internal readonly unsafe struct MXFP4Row : IRowFormat
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read(byte* x, float* y, int count)
    {
        var levels = Vector128.Create(Codebook.Fp4Levels);
        for (; count > 0; count -= 32, x += 17, y += 32) IQ4_NLRow.Nibbles(x + 1, levels, HalfOf(*x), y);
    }

    /// <summary>Half of 2^(exponent − 127), because the levels are doubled; subnormal for the two smallest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float HalfOf(byte exponent) => BitConverter.Int32BitsToSingle(exponent < 2 ? 0x00200000 << exponent : (exponent - 1) << 23);
}
