namespace Hotplug.Runtime.Plugins.Catalog;

/// <summary>Names a device: <c>backend</c> for the first device of a backend, or <c>backend:device</c>.</summary>
/// <param name="Backend">Id of the backend.</param>
/// <param name="Device">Id of the device, or null for the first.</param>
public readonly record struct DeviceAddress(string Backend, string? Device)
{
    /// <summary>Reads an address.</summary>
    /// <exception cref="FormatException">It is neither <c>backend</c> nor <c>backend:device</c>.</exception>
    public static DeviceAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.IndexOf(':');
        var address = colon < 0 ? new DeviceAddress(text, null) : new(text[..colon], text[(colon + 1)..]);
        if (address.Backend.Length == 0 || address.Device is "" || address.Device?.Contains(':') == true)
            throw new FormatException($"'{text}' is not a device: write BACKEND or BACKEND:DEVICE, such as cpu or gpu:gpu0.");
        return address;
    }

    /// <inheritdoc/>
    public override string ToString() => Device is null ? Backend : $"{Backend}:{Device}";
}
