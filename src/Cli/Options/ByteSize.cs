using System.Globalization;

namespace Hotplug.Cli.Options;

/// <summary>Sizes as people type them: 1310720, 512K, 1.25MiB, 8G. Units are powers of 1024.</summary>
internal static class ByteSize
{
    public static nuint Parse(string text)
    {
        var digits = text.AsSpan().TrimEnd("bBiI");
        var shift = digits.Length == 0 ? 0 : char.ToUpperInvariant(digits[^1]) switch { 'K' => 10, 'M' => 20, 'G' => 30, 'T' => 40, _ => 0 };
        if (shift != 0) digits = digits[..^1];
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number <= 0 || number * (1L << shift) > 1L << 60)
            throw new UsageException($"'{text}' is no size. Type bytes or a unit: 1310720, 512K, 1.25MiB, 8G.");
        return (nuint)(number * (1L << shift));
    }

    public static string Show(long bytes) => bytes switch
    {
        >= 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.00} GiB"),
        >= 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0.00} MiB"),
        >= 1L << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 10):0.0} KiB"),
        _ => $"{bytes} B",
    };
}
