using System.Globalization;

namespace Hotplug.Accelerators.Settings;

/// <summary>The settings that plugins of devices with memory of their own share. They hold for each of a plugin's devices.</summary>
public sealed record DeviceSettings
{
    private const long LeastAllocation = 64 << 10;
    private const string Known = "memory (most bytes that may be taken) and max-allocation (bytes of the largest allocation, 64 KiB and up), numbers with KiB, MiB or GiB if you like";

    /// <summary><c>memory</c>: bytes that the plugin may take of a device's memory; null for as many as the driver gives.</summary>
    public long? Memory { get; private init; }

    /// <summary><c>max-allocation</c>: bytes of the largest allocation; null for the driver's limit.</summary>
    public long? MaxAllocation { get; private init; }

    /// <summary>Reads settings; keys compare without case.</summary>
    /// <param name="plugin">The plugin's id, for messages.</param>
    /// <param name="settings">As configured.</param>
    /// <exception cref="ArgumentException">A setting is unknown or has a bad value.</exception>
    public static DeviceSettings Parse(string plugin, IReadOnlyDictionary<string, string> settings)
    {
        var parsed = new DeviceSettings();
        foreach (var (key, value) in settings)
            parsed = key.ToLowerInvariant() switch
            {
                "memory" => parsed with { Memory = Size(plugin, key, value, 1) },
                "max-allocation" => parsed with { MaxAllocation = Size(plugin, key, value, LeastAllocation) },
                _ => throw new ArgumentException($"{plugin} has no setting '{key}'. It knows {Known}."),
            };
        return parsed;
    }

    /// <summary>Reads a size.</summary>
    /// <param name="plugin">The plugin's id, for messages.</param>
    /// <param name="key">Name of the setting.</param>
    /// <param name="value">A number, with KiB, MiB or GiB.</param>
    /// <param name="least">The least that it may be.</param>
    /// <exception cref="ArgumentException">It is none, or too small.</exception>
    public static long Size(string plugin, string key, string value, long least)
    {
        var text = value.Trim();
        var shift = 0;
        foreach (var (unit, bits) in new[] { ("KiB", 10), ("MiB", 20), ("GiB", 30) })
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase)) (text, shift) = (text[..^3].TrimEnd(), bits);
        var read = decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue >> shift;
        return read && number * (1L << shift) >= least ? (long)(number * (1L << shift))
            : throw new ArgumentException($"Setting {key} of {plugin} is '{value}': give a number of at least {least}, with KiB, MiB or GiB if you like.");
    }
}
