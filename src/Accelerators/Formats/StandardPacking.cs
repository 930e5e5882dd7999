using Hotplug.Abstractions.Tensors;

namespace Hotplug.Accelerators.Formats;

/// <summary>Rows as they are.</summary>
internal sealed class StandardPacking(TensorType type) : PackedFormat(type)
{
    public override bool IsStandard => true;

    public override long RowBytes(long width) => Type.RowBytes(width);

    public override void Pack(ReadOnlySpan<byte> standardRow, Span<byte> packedRow)
    {
        CheckedWidth(standardRow.Length, packedRow.Length);
        standardRow.CopyTo(packedRow);
    }

    public override void Unpack(ReadOnlySpan<byte> packedRow, Span<byte> standardRow)
    {
        CheckedWidth(standardRow.Length, packedRow.Length);
        packedRow.CopyTo(standardRow);
    }
}
