using System.Buffers.Binary;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Runtime.KvCache;

/// <summary>
/// A block of 32 elements of a KV cache in Q8_0 or Q4_0: a half and signed codes. The scale is the greatest element by the greatest code, rounded to a half; codes are the nearest, ties
/// to even: what backends with such caches store. Pure functions.
/// </summary>
internal static class KvBlock
{
    /// <summary>True for the types with blocks.</summary>
    public static bool IsBlockType(TensorType type) => type is TensorType.Q8_0 or TensorType.Q4_0;

    /// <summary>Reads a block.</summary>
    public static void Read(TensorType type, ReadOnlySpan<byte> block, Span<float> elements)
    {
        var scale = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
        var codes = block[2..];
        for (var i = 0; i < elements.Length; i++)
            elements[i] = scale * (type == TensorType.Q8_0 ? (sbyte)codes[i] : (i < 16 ? codes[i] & 15 : codes[i - 16] >> 4) - 8);
    }

    /// <summary>Writes a block.</summary>
    public static void Write(TensorType type, ReadOnlySpan<float> elements, Span<byte> block)
    {
        var greatest = 0f;
        foreach (var element in elements)
            if (MathF.Abs(element) > MathF.Abs(greatest)) greatest = element;
        BinaryPrimitives.WriteHalfLittleEndian(block, (Half)(type == TensorType.Q8_0 ? MathF.Abs(greatest) / 127 : greatest / -8));
        var scale = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
        var codes = block[2..];
        if (type == TensorType.Q8_0)
            for (var i = 0; i < 32; i++) codes[i] = (byte)Code(elements[i], scale, -127, 127);
        else
            for (var i = 0; i < 16; i++) codes[i] = (byte)((Code(elements[i], scale, -8, 7) + 8) | (Code(elements[i + 16], scale, -8, 7) + 8) << 4);
    }

    private static sbyte Code(float value, float scale, float lowest, float highest) => scale == 0 ? (sbyte)0 : (sbyte)Math.Clamp(MathF.Round(value / scale), lowest, highest);
}
