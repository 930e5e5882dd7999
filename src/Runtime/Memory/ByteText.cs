using System.Globalization;

namespace Hotplug.Runtime.Memory;

/// <summary>Numbers of bytes as a person reads them.</summary>
internal static class ByteText
{
    private static readonly string[] Units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>One decimal in the largest unit that leaves a whole number before the point; exact numbers without one.</summary>
    public static string Format(ulong bytes)
    {
        var unit = 0;
        while (unit < Units.Length - 1 && bytes >> (10 * (unit + 1)) != 0)
            unit++;
        var value = bytes / (double)(1UL << (10 * unit));
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {Units[unit]}");
    }

    /// <inheritdoc cref="Format(ulong)"/>
    public static string Format(nuint bytes) => Format((ulong)bytes);

    /// <inheritdoc cref="Format(ulong)"/>
    public static string Format(long bytes) => Format((ulong)bytes);
}
