using System.Buffers.Binary;

namespace Hotplug.Inference.Gguf;

/// <summary>Numbers of the format: sizes and decoding. Little-endian whatever the machine.</summary>
internal static class GgufNumber
{
    /// <summary>Bytes of one value, or 0 for types without a fixed size and for undefined types.</summary>
    public static int Size(GgufValueType type) => type switch
    {
        GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Bool => 1,
        GgufValueType.UInt16 or GgufValueType.Int16 => 2,
        GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32 => 4,
        GgufValueType.UInt64 or GgufValueType.Int64 or GgufValueType.Float64 => 8,
        _ => 0,
    };

    /// <summary>True for the integer types and for booleans, which count as 0 and 1.</summary>
    public static bool IsInteger(GgufValueType type) =>
        Size(type) != 0 && type is not (GgufValueType.Float32 or GgufValueType.Float64);

    /// <summary>The integer at the start of <paramref name="bytes"/>, wide enough for every type of the format.</summary>
    public static Int128 ReadInteger(ReadOnlySpan<byte> bytes, GgufValueType type) => type switch
    {
        GgufValueType.UInt8 => bytes[0],
        GgufValueType.Int8 => (sbyte)bytes[0],
        GgufValueType.Bool => bytes[0] != 0 ? 1 : 0,
        GgufValueType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        GgufValueType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        GgufValueType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        GgufValueType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        GgufValueType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        GgufValueType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not an integer type."),
    };

    /// <summary>The number at the start of <paramref name="bytes"/>; integers beyond 53 bits are rounded.</summary>
    public static double ReadFloat(ReadOnlySpan<byte> bytes, GgufValueType type) => type switch
    {
        GgufValueType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        GgufValueType.Float64 => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        _ => (double)ReadInteger(bytes, type),
    };
}
