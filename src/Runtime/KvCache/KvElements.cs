using System.Runtime.InteropServices;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Runtime.KvCache;

/// <summary>Converts elements of KV caches between floating-point types and blocks of 32. Pure functions.</summary>
internal static class KvElements
{
    private const int Stretch = 32;

    /// <summary>True for the types that <see cref="Convert"/> knows.</summary>
    public static bool IsConvertible(TensorType type) => type is TensorType.F32 or TensorType.F16 or TensorType.BF16 || KvBlock.IsBlockType(type);

    /// <summary>Converts elements, rounded to nearest, ties to even.</summary>
    /// <param name="from">Type of <paramref name="source"/>.</param>
    /// <param name="source">Elements; whole blocks of 32 if either type has blocks.</param>
    /// <param name="to">Type of <paramref name="destination"/>.</param>
    /// <param name="destination">Room for as many elements.</param>
    public static void Convert(TensorType from, ReadOnlySpan<byte> source, TensorType to, Span<byte> destination)
    {
        var count = source.Length / from.BlockBytes() * from.BlockLength();
        Span<float> stretch = stackalloc float[Stretch];
        for (var first = 0; first < count; first += Stretch)
        {
            var elements = stretch[..Math.Min(Stretch, count - first)];
            if (KvBlock.IsBlockType(from)) KvBlock.Read(from, source.Slice(first / Stretch * from.BlockBytes(), from.BlockBytes()), elements);
            else
                for (var i = 0; i < elements.Length; i++) elements[i] = Read(from, source, first + i);
            if (KvBlock.IsBlockType(to)) KvBlock.Write(to, elements, destination.Slice(first / Stretch * to.BlockBytes(), to.BlockBytes()));
            else
                for (var i = 0; i < elements.Length; i++) Write(to, destination, first + i, elements[i]);
        }
    }

    private static float Read(TensorType type, ReadOnlySpan<byte> elements, int index) => type switch
    {
        TensorType.F32 => MemoryMarshal.Cast<byte, float>(elements)[index],
        TensorType.F16 => (float)MemoryMarshal.Cast<byte, Half>(elements)[index],
        _ => BitConverter.UInt32BitsToSingle((uint)MemoryMarshal.Cast<byte, ushort>(elements)[index] << 16),
    };

    private static void Write(TensorType type, Span<byte> elements, int index, float value)
    {
        switch (type)
        {
            case TensorType.F32:
                MemoryMarshal.Cast<byte, float>(elements)[index] = value;
                break;
            case TensorType.F16:
                MemoryMarshal.Cast<byte, Half>(elements)[index] = (Half)value;
                break;
            default:
                MemoryMarshal.Cast<byte, ushort>(elements)[index] = ToBFloat16(value);
                break;
        }
    }

    private static ushort ToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        // A NaN stays one: rounding could carry its last bits away.
        return float.IsNaN(value) ? (ushort)(bits >> 16 | 0x40) : (ushort)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
    }
}
