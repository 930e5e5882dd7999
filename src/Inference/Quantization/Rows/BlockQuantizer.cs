using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Quantization.Rows;

/// <summary>Writes the blocks of a row one by one; none depends on another.</summary>
internal abstract class BlockQuantizer : RowQuantizer
{
    /// <inheritdoc/>
    public sealed override void Write(ReadOnlySpan<float> values, Span<byte> row)
    {
        var (length, bytes) = (Type.BlockLength(), Type.BlockBytes());
        for (var block = 0; block * length < values.Length; block++)
            WriteBlock(values.Slice(block * length, length), row.Slice(block * bytes, bytes));
    }

    /// <summary>Writes one block.</summary>
    protected abstract void WriteBlock(ReadOnlySpan<float> values, Span<byte> block);
}
