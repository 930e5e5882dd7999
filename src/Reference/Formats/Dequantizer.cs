using Hotplug.Abstractions.Tensors;

namespace Hotplug.Reference.Formats;

/// <summary>
/// Rows of a tensor type to single precision, exact to the last bit with the plain formula of the type evaluated in single precision
/// (no fused multiply-add). Pure functions, safe from any thread.
/// </summary>
public static class Dequantizer
{
    /// <summary>The types that can be read.</summary>
    public static IReadOnlyList<TensorType> Types => BlockFormats.Types;

    /// <summary>True if <paramref name="type"/> can be read.</summary>
    public static bool Supports(TensorType type) => BlockFormats.Find(type) is not null;

    /// <summary>Reads elements.</summary>
    /// <param name="type">Their type.</param>
    /// <param name="bytes">Whole blocks in the standard layout: one row, or several behind each other.</param>
    /// <param name="values">Room for exactly their elements.</param>
    /// <exception cref="NotSupportedException">The type cannot be read.</exception>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public static void Read(TensorType type, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        var format = Check(type, bytes, values.Length);
        var (length, size) = (type.BlockLength(), type.BlockBytes());
        for (var block = 0; block * length < values.Length; block++)
            format.Decode(bytes.Slice(block * size, size), values.Slice(block * length, length));
    }

    /// <summary>Reads elements into a new array.</summary>
    /// <exception cref="NotSupportedException">The type cannot be read.</exception>
    /// <exception cref="ArgumentException">The bytes are no whole number of blocks.</exception>
    public static float[] Read(TensorType type, ReadOnlySpan<byte> bytes)
    {
        var values = new float[bytes.Length / type.BlockBytes() * type.BlockLength()];
        Read(type, bytes, values);
        return values;
    }

    /// <summary>
    /// Per element the sum of the absolute values of the terms its formula adds, such as |q·d| + |m| for <see cref="TensorType.Q4_1"/> and |q|·d + 8·d
    /// for <see cref="TensorType.Q4_0"/>: what rounding errors of a product are proportional to. At least the absolute value of the element.
    /// </summary>
    /// <exception cref="NotSupportedException">The type cannot be read.</exception>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public static void ReadMagnitudes(TensorType type, ReadOnlySpan<byte> bytes, Span<float> magnitudes)
    {
        var format = Check(type, bytes, magnitudes.Length);
        var (length, size) = (type.BlockLength(), type.BlockBytes());
        for (var block = 0; block * length < magnitudes.Length; block++)
            format.Magnitudes(bytes.Slice(block * size, size), magnitudes.Slice(block * length, length));
    }

    private static BlockFormat Check(TensorType type, ReadOnlySpan<byte> bytes, int elements)
    {
        var format = BlockFormats.Get(type);
        if (type.RowBytes(elements) != bytes.Length)
            throw new ArgumentException($"{elements} elements of {type} are {type.RowBytes(elements)} bytes, not {bytes.Length}.", nameof(bytes));
        return format;
    }
}
