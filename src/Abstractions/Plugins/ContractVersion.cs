using System.Globalization;

namespace Hotplug.Abstractions.Plugins;

/// <summary>
/// Version of the contract. A host runs plugins of its own major whose minor is not above its own: within a major nothing is removed, and each minor lists
/// what it added.
/// </summary>
/// <param name="Major">Changes when members change or go.</param>
/// <param name="Minor">Grows when members come.</param>
public readonly record struct ContractVersion(int Major, int Minor)
{
    /// <summary>The version of this assembly.</summary>
    public static ContractVersion Current { get; } = new(1, 0);

    /// <summary>True if a host of this version runs a plugin made for <paramref name="plugin"/>.</summary>
    public bool Accepts(ContractVersion plugin) => plugin.Major == Major && plugin.Minor <= Minor;

    /// <summary>Reads "major.minor".</summary>
    public static bool TryParse(string? text, out ContractVersion version)
    {
        version = default;
        var dot = text?.IndexOf('.') ?? -1;
        if (dot < 1 || !int.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            || !int.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var minor)) return false;
        version = new(major, minor);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Major}.{Minor}";
}
