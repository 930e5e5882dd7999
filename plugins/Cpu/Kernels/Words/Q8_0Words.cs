using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Words;

/// <summary>Q8_0 as words.</summary>
internal readonly unsafe struct Q8_0Words : IWordCodes
{
    public static int Parts => 1;
    public static int Bytes => 34;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> Codes(byte* block, int part) => Vector256.Load((sbyte*)(block + 2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Scales(byte* a, byte* b, byte* c, byte* d, int part) => Halves.Four(a, b, c, d);
}
