using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hotplug.Cpu.Kernels.Panels;

/// <summary>
/// The twelve bytes of Q4_K and Q5_K that hold eight 6-bit scales and eight 6-bit minima: bytes 0–3 and 4–7 are the first four of each in their low six bits;
/// bytes 8–11 are the low nibbles of the last four scales and their high nibbles those of the minima, whose upper two bits are the upper two of bytes 0–7.
/// </summary>
internal static unsafe class KScales
{
    /// <summary>The eight scales as bytes of a word, and the minima likewise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Scales(byte* packed, out ulong minima)
    {
        uint first = *(uint*)packed, second = *(uint*)(packed + 4), third = *(uint*)(packed + 8);
        minima = (second & 0x3F3F3F3F) | (ulong)(((third >> 4) & 0x0F0F0F0F) | ((second >> 2) & 0x30303030)) << 32;
        return (first & 0x3F3F3F3F) | (ulong)((third & 0x0F0F0F0F) | ((first >> 2) & 0x30303030)) << 32;
    }

    /// <summary>The byte at <paramref name="shift"/> bits of four words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Four(ulong a, ulong b, ulong c, ulong d, int shift)
        => Vector128.ConvertToSingle(Vector128.Create((int)(byte)(a >> shift), (byte)(b >> shift), (byte)(c >> shift), (byte)(d >> shift)));
}
