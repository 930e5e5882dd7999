using System.Globalization;

namespace Hotplug.Runtime.Hosting;

/// <summary>
/// Sizes as people write them: <c>4096</c>, <c>64KiB</c>, <c>1.25 MiB</c>, <c>512K</c>, <c>2GB</c>. K, M, G and T alone are powers of 1024, as KiB and its kind
/// are; KB and its kind are powers of 1000.
/// </summary>
public static class ByteSize
{
    private static readonly (string Unit, decimal Bytes)[] Units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40),
        ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000), ("B", 1),
        ("K", 1L << 10), ("M", 1L << 20), ("G", 1L << 30), ("T", 1L << 40), ("", 1),
    ];

    /// <summary>Reads a size; it must come to a whole number of bytes.</summary>
    public static bool TryParse(string? text, out ulong bytes)
    {
        bytes = 0;
        var trimmed = (text ?? "").Trim();
        var (unit, factor) = Units.First(u => trimmed.EndsWith(u.Unit, StringComparison.OrdinalIgnoreCase));
        if (!decimal.TryParse(trimmed.AsSpan(0, trimmed.Length - unit.Length).TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || number > ulong.MaxValue / factor) return false;
        var value = number * factor;
        if (value != decimal.Truncate(value)) return false;
        bytes = (ulong)value;
        return true;
    }
}
