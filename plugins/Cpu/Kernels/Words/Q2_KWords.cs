using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Words;

/// <summary>Q2_K as words.</summary>
internal readonly unsafe struct Q2_KWords : IWordCodes
{
    public static int Parts => 8;
    public static int Bytes => 84;
    public static bool HasFactors => true;
    public static bool HasMinimum => true;
    public static bool HasMinima => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> Codes(byte* block, int part)
        => ((Vector256.Load(block + 16 + 32 * (part / 4)).AsUInt16() >> (2 * (part & 3))).AsByte() & Vector256.Create((byte)3)).AsSByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Scales(byte* a, byte* b, byte* c, byte* d, int part) => Halves.Four(a + 80, b + 80, c + 80, d + 80);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Minimum(byte* a, byte* b, byte* c, byte* d, int part) => Vector128<float>.Zero - Halves.Four(a + 82, b + 82, c + 82, d + 82);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Factor(byte* block, int part, int half) => block[2 * part + half] & 15;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Minima(byte* block, int part) => (block[2 * part] >> 4) | (block[2 * part + 1] >> 4 << 16);
}
