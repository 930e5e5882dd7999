using Hotplug.Abstractions.Tensors;

namespace Hotplug.Accelerators.Formats;

/// <summary>
/// How a device keeps the rows of a tensor type. Rows of quantised types are rearranged bit by bit into aligned 32-bit words, all code words of a row before its
/// scales, so that neighbouring lanes read neighbouring words; rows of every other type stay as they are, one behind the other. Nothing is rounded and nothing added:
/// a row comes back as it went in, and zero bytes are zero bytes on both sides. Rows do not depend on each other. Stateless, safe from any thread.
/// </summary>
/// <remarks>
/// A <em>unit</em> is sixteen consecutive elements; a row has U of them. Word j of unit u of a plane lies j·U + u words behind the plane's start. Each format says
/// which planes it has. Packed rows of quantised types are multiples of sixteen bytes; their padding is zero and is ignored by <see cref="Unpack"/>.
/// </remarks>
public abstract class PackedFormat
{
    /// <summary>Elements of a unit.</summary>
    public const int UnitLength = 16;

    private static readonly PackedFormat[] Packed =
    [
        new Q8_0Packing(), new Q4_0Packing(), new Q4_1Packing(), new Q5_0Packing(), new Q5_1Packing(), new Q4_KPacking(), new Q5_KPacking(), new Q6_KPacking(),
    ];

    private protected PackedFormat(TensorType type) => Type = type;

    /// <summary>The type of the rows.</summary>
    public TensorType Type { get; }

    /// <summary>True if the bytes of a packed row are those of the standard row.</summary>
    public abstract bool IsStandard { get; }

    /// <summary>The format of a type.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The type is not defined.</exception>
    public static PackedFormat For(TensorType type)
    {
        foreach (var format in Packed)
            if (format.Type == type) return format;
        _ = type.BlockLength();
        return new StandardPacking(type);
    }

    /// <summary>Bytes of a packed row of <paramref name="width"/> elements.</summary>
    /// <exception cref="ArgumentException">The row is negative, or no whole number of blocks.</exception>
    /// <exception cref="OverflowException">The row does not fit 63 bits.</exception>
    public abstract long RowBytes(long width);

    /// <summary>Bytes of a packed tensor: its rows, rounded up to whole words.</summary>
    /// <exception cref="ArgumentException">A row is no whole number of blocks.</exception>
    /// <exception cref="OverflowException">The tensor does not fit 63 bits.</exception>
    public long TensorBytes(in TensorSpec tensor) => checked(RowBytes(tensor.Shape.D0) * tensor.RowCount + 3) & ~3L;

    /// <summary>Packs a row.</summary>
    /// <param name="standardRow">Whole blocks in the standard layout.</param>
    /// <param name="packedRow">Receives exactly the <see cref="RowBytes"/> of their elements, padding included.</param>
    /// <exception cref="ArgumentException">The lengths do not agree; nothing is written.</exception>
    public abstract void Pack(ReadOnlySpan<byte> standardRow, Span<byte> packedRow);

    /// <summary>The reverse of <see cref="Pack"/>.</summary>
    /// <param name="packedRow">A packed row.</param>
    /// <param name="standardRow">Receives the row in the standard layout.</param>
    /// <exception cref="ArgumentException">The lengths do not agree; nothing is written.</exception>
    public abstract void Unpack(ReadOnlySpan<byte> packedRow, Span<byte> standardRow);

    /// <summary>Elements of the row, once the lengths are known to agree.</summary>
    private protected long CheckedWidth(int standardBytes, int packedBytes)
    {
        if (standardBytes % Type.BlockBytes() != 0)
            throw new ArgumentException($"{standardBytes} bytes are not a whole number of {Type} blocks ({Type.BlockBytes()} bytes each).");
        var width = (long)standardBytes / Type.BlockBytes() * Type.BlockLength();
        var expected = RowBytes(width);
        return packedBytes == expected
            ? width
            : throw new ArgumentException($"A packed row of {width} elements of {Type} is {expected} bytes, not {packedBytes}.");
    }
}
