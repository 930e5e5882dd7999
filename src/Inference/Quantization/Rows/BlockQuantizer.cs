using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Quantization.Rows;

/// <summary>Writes the blocks of a row one by one; none depends on another.</summary>
internal abstract class BlockQuantizer : RowQuantizer
{
    // Searches sum squares of elements, which must not overflow.
    private const float Highest = 1e15f;

    /// <inheritdoc/>
    public sealed override void Write(ReadOnlySpan<float> values, Span<byte> row)
    {
        if (Rounding.Largest(values) is var largest && MathF.Abs(largest) > Highest) throw new OverflowException($"{largest} is beyond the range of {Type}");
        var (length, bytes) = (Type.BlockLength(), Type.BlockBytes());
        for (var block = 0; block * length < values.Length; block++)
            WriteBlock(values.Slice(block * length, length), row.Slice(block * bytes, bytes));
    }

    /// <summary>Writes one block.</summary>
    protected abstract void WriteBlock(ReadOnlySpan<float> values, Span<byte> block);
}
