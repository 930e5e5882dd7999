using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Kernels.Words;

/// <summary>What the types' codes have in common.</summary>
internal static unsafe class WordCodes
{
    /// <summary>The low nibbles of sixteen bytes, then the high ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> Nibbles(byte* source)
    {
        var packed = Vector128.Load(source);
        return (Vector256.Create(packed, (packed.AsUInt16() >> 4).AsByte()) & Vector256.Create((byte)15)).AsSByte();
    }

    /// <summary>The levels that 32 nibbles number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> Levels(byte* source, Vector128<sbyte> levels) => Avx2.Shuffle(Vector256.Create(levels, levels), Nibbles(source));

    /// <summary>Bit i of a word as 16 in byte i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> FifthBits(uint word)
    {
        var spread = Avx2.Shuffle(Vector256.Create(word).AsByte(), Vector256.Create(
            (byte)0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3));
        var bit = Vector256.Create(0x8040201008040201ul).AsByte();
        return (Vector256.Equals(spread & bit, bit) & Vector256.Create((byte)16)).AsSByte();
    }

    /// <summary>The scales of a part of Q4_K and Q5_K: see <see cref="Panels.KScales"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> KScales(byte* a, byte* b, byte* c, byte* d, int part)
        => Vector128.ConvertToSingle(Vector128.Create(KScale(a, part), KScale(b, part), KScale(c, part), KScale(d, part)));

    /// <summary>The minima likewise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> KMinima(byte* a, byte* b, byte* c, byte* d, int part)
        => Vector128.ConvertToSingle(Vector128.Create(KMinimum(a, part), KMinimum(b, part), KMinimum(c, part), KMinimum(d, part)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int KScale(byte* packed, int part) => part < 4 ? packed[part] & 63 : (packed[part + 4] & 15) | (packed[part - 4] >> 6 << 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int KMinimum(byte* packed, int part) => part < 4 ? packed[part + 4] & 63 : (packed[part + 4] >> 4) | (packed[part] >> 6 << 4);
}
