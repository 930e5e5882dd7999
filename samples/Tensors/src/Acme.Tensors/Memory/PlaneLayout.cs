using Hotplug.Abstractions.Tensors;

namespace Acme.Tensors.Memory;

/// <summary>
/// How rows lie in the device's memory. A quantised row that the kernels read is taken apart into planes: a byte per code, then the scales, then the minima, halves as they
/// were. Nothing is rounded, and zero bytes are zero bytes on both sides. Rows of other types stay as they are.
/// </summary>
internal static class PlaneLayout
{
    public const int BlockLength = 32;

    private const int RowAlignment = 64;

    /// <summary>True if rows of the type are taken apart.</summary>
    public static bool IsPlanar(TensorType type) => type is TensorType.Q8_0 or TensorType.Q4_0 or TensorType.Q4_1;

    /// <summary>Bytes of a row.</summary>
    public static long RowBytes(TensorType type, long width)
    {
        var standard = type.RowBytes(width);
        if (!IsPlanar(type)) return standard;
        return checked(width + width / BlockLength * HalvesPerBlock(type) * 2 + RowAlignment - 1) / RowAlignment * RowAlignment;
    }

    /// <summary>Bytes of a tensor.</summary>
    public static long TensorBytes(in TensorSpec tensor) => checked(RowBytes(tensor.Type, tensor.Shape.D0) * tensor.RowCount);

    /// <summary>Takes a standard row apart.</summary>
    public static void Pack(TensorType type, ReadOnlySpan<byte> standard, Span<byte> row)
    {
        if (!IsPlanar(type))
        {
            standard.CopyTo(row);
            return;
        }
        var (halves, bytes) = (HalvesPerBlock(type), type.BlockBytes());
        var blocks = standard.Length / bytes;
        var codes = row[..(blocks * BlockLength)];
        var scales = row[codes.Length..];
        scales[(blocks * halves * 2)..].Clear();
        for (var b = 0; b < blocks; b++)
        {
            var block = standard.Slice(b * bytes, bytes);
            for (var h = 0; h < halves; h++) block.Slice(h * 2, 2).CopyTo(scales[((h * blocks + b) * 2)..]);
            var from = block[(halves * 2)..];
            var to = codes.Slice(b * BlockLength, BlockLength);
            if (type == TensorType.Q8_0) from.CopyTo(to);
            else
                for (var i = 0; i < BlockLength / 2; i++) (to[i], to[i + BlockLength / 2]) = ((byte)(from[i] & 15), (byte)(from[i] >> 4));
        }
    }

    /// <summary>Puts a row together again.</summary>
    public static void Unpack(TensorType type, ReadOnlySpan<byte> row, Span<byte> standard)
    {
        if (!IsPlanar(type))
        {
            row.CopyTo(standard);
            return;
        }
        var (halves, bytes) = (HalvesPerBlock(type), type.BlockBytes());
        var blocks = standard.Length / bytes;
        var codes = row[..(blocks * BlockLength)];
        var scales = row[codes.Length..];
        for (var b = 0; b < blocks; b++)
        {
            var block = standard.Slice(b * bytes, bytes);
            for (var h = 0; h < halves; h++) scales.Slice((h * blocks + b) * 2, 2).CopyTo(block[(h * 2)..]);
            var from = codes.Slice(b * BlockLength, BlockLength);
            var to = block[(halves * 2)..];
            if (type == TensorType.Q8_0) from.CopyTo(to);
            else
                for (var i = 0; i < BlockLength / 2; i++) to[i] = (byte)(from[i] | from[i + BlockLength / 2] << 4);
        }
    }

    private static int HalvesPerBlock(TensorType type) => type == TensorType.Q4_1 ? 2 : 1;
}
