using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Hotplug.Inference.Tokenization;

/// <summary>
/// Hash of short byte strings, after the multiply-and-fold step of wyhash (Wang Yi, public domain).
/// Keyed per process, so that a vocabulary cannot be written whose pieces all collide.
/// </summary>
internal static class ByteHash
{
    private static readonly ulong First = RandomKey(), Second = RandomKey();

    /// <summary>Hash of <paramref name="bytes"/>, varied by <paramref name="salt"/>. Never 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Of(ReadOnlySpan<byte> bytes, int salt = 0)
    {
        var hash = First ^ ((ulong)(uint)salt << 32 | (uint)bytes.Length);
        while (bytes.Length >= 8)
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes), Second);
            bytes = bytes[8..];
        }

        ulong rest = 0;
        for (var i = 0; i < bytes.Length; i++) rest |= (ulong)bytes[i] << 8 * i;
        hash = Fold(hash ^ rest, Second);
        return (uint)(hash ^ hash >> 32) | 1;
    }

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low ^ a;
    }

    // Odd and with a high bit, so that the product never degenerates.
    private static ulong RandomKey()
    {
        Span<byte> key = stackalloc byte[8];
        RandomNumberGenerator.Fill(key);
        return BinaryPrimitives.ReadUInt64LittleEndian(key) | 0x8000_0000_0000_0001;
    }
}
