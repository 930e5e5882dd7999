using System.Runtime.InteropServices;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Accelerators.Formats;

/// <summary>A quantised type: checks lengths, and hands words to the format.</summary>
internal abstract class PlanePacking(TensorType type) : PackedFormat(type)
{
    public sealed override bool IsStandard => false;

    public sealed override long RowBytes(long width)
    {
        // Checks the width, and that the row fits; a packed one is at most eight times as long.
        _ = Type.RowBytes(width);
        return checked((Words(width / UnitLength) + 3) / 4 * 16);
    }

    public sealed override void Pack(ReadOnlySpan<byte> standardRow, Span<byte> packedRow)
    {
        var units = (int)(CheckedWidth(standardRow.Length, packedRow.Length) / UnitLength);
        packedRow.Clear();
        Pack(standardRow, MemoryMarshal.Cast<byte, uint>(packedRow), units);
    }

    public sealed override void Unpack(ReadOnlySpan<byte> packedRow, Span<byte> standardRow)
    {
        var units = (int)(CheckedWidth(standardRow.Length, packedRow.Length) / UnitLength);
        Unpack(MemoryMarshal.Cast<byte, uint>(packedRow), standardRow, units);
    }

    /// <summary>Words of a row of <paramref name="units"/> units without padding.</summary>
    protected abstract long Words(long units);

    /// <summary>Packs blocks into words that are zero.</summary>
    protected abstract void Pack(ReadOnlySpan<byte> blocks, Span<uint> words, int units);

    /// <summary>Writes every byte of the blocks.</summary>
    protected abstract void Unpack(ReadOnlySpan<uint> words, Span<byte> blocks, int units);

    /// <summary>A plane of sixteen-bit scales.</summary>
    protected static Span<ushort> Halves(Span<uint> words, int start) => MemoryMarshal.Cast<uint, ushort>(words[start..]);

    /// <summary>A plane of sixteen-bit scales.</summary>
    protected static ReadOnlySpan<ushort> Halves(ReadOnlySpan<uint> words, int start) => MemoryMarshal.Cast<uint, ushort>(words[start..]);
}
