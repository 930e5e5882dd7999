using System.Globalization;

namespace Hotplug.Metal;

/// <summary>The plugin's settings, checked. They hold for each of its devices.</summary>
internal sealed record MetalSettings
{
    private const string Known = "memory (most bytes that may be taken) and max-allocation (bytes of the largest buffer, 64 KiB and up), numbers with KiB, MiB or GiB if you like";

    /// <summary><c>memory</c>: bytes that buffers may take on a device; null for as many as Metal gives.</summary>
    public long? Memory { get; private init; }

    /// <summary><c>max-allocation</c>: bytes of the largest buffer; null for the device's limit.</summary>
    public long? MaxAllocation { get; private init; }

    /// <exception cref="ArgumentException">A setting is unknown or has a bad value.</exception>
    public static MetalSettings Parse(IReadOnlyDictionary<string, string> settings)
    {
        var parsed = new MetalSettings();
        foreach (var (key, value) in settings)
            parsed = key.ToLowerInvariant() switch
            {
                "memory" => parsed with { Memory = Size(key, value, 1) },
                "max-allocation" => parsed with { MaxAllocation = Size(key, value, 64 << 10) },
                _ => throw new ArgumentException($"metal has no setting '{key}'. It knows {Known}.", nameof(settings)),
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
            : throw new ArgumentException($"Setting {key} of metal is '{value}': give a number of at least {least}, with KiB, MiB or GiB if you like.", "settings");
    }
}
