using Hotplug.Abstractions.Tensors;

namespace Hotplug.Reference.Formats;

/// <summary>
/// Single-precision elements to rows of a tensor type, by the simplest method for each: good enough for tests, not the most faithful. Elements must be
/// finite. Pure functions, safe from any thread.
/// </summary>
public static class Quantizer
{
    /// <summary>The types that can be written.</summary>
    public static IReadOnlyList<TensorType> Types => BlockFormats.Writable;

    /// <summary>Writes elements.</summary>
    /// <param name="type">The type to write.</param>
    /// <param name="values">A whole number of blocks of elements.</param>
    /// <param name="bytes">Room for exactly their bytes.</param>
    /// <exception cref="NotSupportedException">The type cannot be written.</exception>
    /// <exception cref="ArgumentException">The lengths do not agree, or the elements are no whole number of blocks.</exception>
    public static void Write(TensorType type, ReadOnlySpan<float> values, Span<byte> bytes)
    {
        var format = BlockFormats.Get(type);
        if (type.RowBytes(values.Length) != bytes.Length)
            throw new ArgumentException($"{values.Length} elements of {type} are {type.RowBytes(values.Length)} bytes, not {bytes.Length}.", nameof(bytes));
        var (length, size) = (type.BlockLength(), type.BlockBytes());
        for (var block = 0; block * length < values.Length; block++)
            format.Encode(values.Slice(block * length, length), bytes.Slice(block * size, size));
    }

    /// <summary>Writes elements into a new array.</summary>
    /// <exception cref="NotSupportedException">The type cannot be written.</exception>
    /// <exception cref="ArgumentException">The elements are no whole number of blocks.</exception>
    public static byte[] Write(TensorType type, ReadOnlySpan<float> values)
    {
        var bytes = new byte[type.RowBytes(values.Length)];
        Write(type, values, bytes);
        return bytes;
    }
}
