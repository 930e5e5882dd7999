using System.Buffers.Binary;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Formats;

namespace Hotplug.Reference.Execution;

/// <summary>
/// Single elements of a KV cache in F32, F16 or BF16. Numbers are rounded to single precision first (they are, in a backend), then to the type; to nearest,
/// ties to even. Pure functions.
/// </summary>
public static class KvElement
{
    /// <summary>Types a cache of the reference may have.</summary>
    public static IReadOnlyList<TensorType> Types { get; } = [TensorType.F32, TensorType.F16, TensorType.BF16];

    /// <summary>Reads an element.</summary>
    /// <exception cref="NotSupportedException">The type is not one of <see cref="Types"/>.</exception>
    public static double Read(TensorType type, ReadOnlySpan<byte> bytes) => type switch
    {
        TensorType.F32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        TensorType.F16 => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        TensorType.BF16 => BF16Format.FromBits(BinaryPrimitives.ReadUInt16LittleEndian(bytes)),
        _ => throw Unknown(type),
    };

    /// <summary>Writes an element.</summary>
    /// <exception cref="NotSupportedException">The type is not one of <see cref="Types"/>.</exception>
    public static void Write(TensorType type, double value, Span<byte> bytes)
    {
        var single = (float)value;
        switch (type)
        {
            case TensorType.F32: BinaryPrimitives.WriteSingleLittleEndian(bytes, single); break;
            case TensorType.F16: BinaryPrimitives.WriteHalfLittleEndian(bytes, (Half)single); break;
            case TensorType.BF16: BinaryPrimitives.WriteUInt16LittleEndian(bytes, BF16Format.ToBits(single)); break;
            default: throw Unknown(type);
        }
    }

    /// <summary>The number that is read back after <paramref name="value"/> was written.</summary>
    /// <exception cref="NotSupportedException">The type is not one of <see cref="Types"/>.</exception>
    public static double Round(TensorType type, double value)
    {
        Span<byte> bytes = stackalloc byte[4];
        Write(type, value, bytes);
        return Read(type, bytes);
    }

    private static NotSupportedException Unknown(TensorType type) => new($"A KV cache of {type} has no reference. Known: {string.Join(", ", Types)}.");
}
