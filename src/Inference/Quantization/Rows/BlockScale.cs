using System.Buffers.Binary;

namespace Hotplug.Inference.Quantization.Rows;

/// <summary>The half-precision fields of blocks.</summary>
internal static class BlockScale
{
    /// <summary>Writes a value, rounded to nearest even.</summary>
    /// <exception cref="OverflowException">It is beyond half precision.</exception>
    public static void Write(Span<byte> block, int offset, float value)
    {
        var half = (Half)value;
        if (!Half.IsFinite(half)) throw new OverflowException($"{value} is beyond half precision");
        BinaryPrimitives.WriteHalfLittleEndian(block[offset..], half);
    }

    /// <summary>Reads what a reader of the file will compute with.</summary>
    public static float Read(ReadOnlySpan<byte> block, int offset) => (float)BinaryPrimitives.ReadHalfLittleEndian(block[offset..]);
}
