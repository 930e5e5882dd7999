using System.Globalization;

namespace Hotplug.Gpu;

/// <summary>The plugin's settings, checked. They hold for each of its devices.</summary>
internal sealed record GpuSettings
{
    private const string Known = "memory (most bytes that may be taken) and max-allocation (bytes of the largest allocation, 64 KiB and up), numbers with KiB, MiB or GiB if you like";

    /// <summary><c>memory</c>: bytes that the plugin may take of a device's memory; null for as many as the driver gives.</summary>
    public long? Memory { get; private init; }

    /// <summary><c>max-allocation</c>: bytes of the largest allocation; null for the driver's limit.</summary>
    public long? MaxAllocation { get; private init; }

    /// <exception cref="ArgumentException">A setting is unknown or has a bad value.</exception>
    public static GpuSettings Parse(IReadOnlyDictionary<string, string> settings)
    {
        var parsed = new GpuSettings();
        foreach (var (key, value) in settings)
            parsed = key.ToLowerInvariant() switch
            {
                "memory" => parsed with { Memory = Size(key, value, 1) },
                "max-allocation" => parsed with { MaxAllocation = Size(key, value, 64 << 10) / 4096 * 4096 },
                _ => throw new ArgumentException($"gpu has no setting '{key}'. It knows {Known}.", nameof(settings)),
            };
        return parsed;
    }

    private static long Size(string key, string value, long least)
    {
        var text = value.Trim();
        var shift = 0;
        foreach (var (unit, bits) in new[] { ("KiB", 10), ("MiB", 20), ("GiB", 30) })
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase)) (text, shift) = (text[..^3].TrimEnd(), bits);
        var read = decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue >> shift;
        return read && number * (1L << shift) >= least ? (long)(number * (1L << shift))
            : throw new ArgumentException($"Setting {key} of gpu is '{value}': give a number of at least {least}, with KiB, MiB or GiB if you like.", "settings");
    }
}
