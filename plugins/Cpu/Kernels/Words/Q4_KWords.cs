using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Words;

/// <summary>Q4_K as words.</summary>
internal readonly unsafe struct Q4_KWords : IWordCodes
{
    public static int Parts => 8;
    public static int Bytes => 144;
    public static bool HasMinimum => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> Codes(byte* block, int part)
        => ((Vector256.Load(block + 16 + 32 * (part / 2)).AsUInt16() >> (4 * (part & 1))).AsByte() & Vector256.Create((byte)15)).AsSByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Scales(byte* a, byte* b, byte* c, byte* d, int part) => Halves.Four(a, b, c, d) * WordCodes.KScales(a + 4, b + 4, c + 4, d + 4, part);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Minimum(byte* a, byte* b, byte* c, byte* d, int part) => (Vector128<float>.Zero - Halves.Four(a + 2, b + 2, c + 2, d + 2)) * WordCodes.KMinima(a + 4, b + 4, c + 4, d + 4, part);
}
