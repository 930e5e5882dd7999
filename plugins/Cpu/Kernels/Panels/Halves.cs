using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Cpu.Kernels.Lanes;

namespace Hotplug.Cpu.Kernels.Panels;

/// <summary>IEEE halves to floats, exact.</summary>
internal static unsafe class Halves
{
    /// <summary>The halves at four addresses.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Four(byte* a, byte* b, byte* c, byte* d)
        => Lanes128.FromHalf(Vector128.Create((int)*(short*)a, *(short*)b, *(short*)c, *(short*)d));

    /// <summary>One half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float One(byte* source)
    {
        int wide = *(short*)source;
        var bits = BitConverter.SingleToInt32Bits(BitConverter.Int32BitsToSingle((wide << 13) & unchecked((int)0x8FFFFFFF)) * 5.192296858534828e33f);
        return BitConverter.Int32BitsToSingle((wide & 0x7FFF) >= 0x7C00 ? bits | 0x7F800000 : bits);
    }
}
