using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Words;

/// <summary>Q5_1 as words.</summary>
internal readonly unsafe struct Q5_1Words : IWordCodes
{
    public static int Parts => 1;
    public static int Bytes => 24;
    public static bool HasMinimum => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> Codes(byte* block, int part) => WordCodes.Nibbles(block + 8) | WordCodes.FifthBits(*(uint*)(block + 4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Scales(byte* a, byte* b, byte* c, byte* d, int part) => Halves.Four(a, b, c, d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Minimum(byte* a, byte* b, byte* c, byte* d, int part) => Halves.Four(a + 2, b + 2, c + 2, d + 2);
}
