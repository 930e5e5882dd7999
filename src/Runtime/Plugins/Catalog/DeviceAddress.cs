using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Plugins;

namespace Hotplug.Runtime.Plugins.Catalog;

/// <summary>
/// Names a device. The name of a device is its backend's id if its own id is the same (<c>cpu</c>), otherwise always <c>backend:device</c> (<c>gpu:cuda0</c>), however many
/// devices the backend has; it always selects that device. A bare backend id selects the device of that id, or else the backend's first that is no emulation.
/// </summary>
/// <param name="Backend">Id of the backend.</param>
/// <param name="Device">Id of the device, or null for the backend's own choice.</param>
public readonly record struct DeviceAddress(string Backend, string? Device)
{
    /// <summary>The name of a device: nothing else makes names.</summary>
    /// <param name="backend">Id of its backend.</param>
    /// <param name="device">Its own id.</param>
    public static DeviceAddress Of(string backend, string device) => new(backend, device == backend ? null : device);

    /// <summary>Reads an address.</summary>
    /// <exception cref="FormatException">It is neither <c>backend</c> nor <c>backend:device</c>.</exception>
    public static DeviceAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.IndexOf(':');
        var address = colon < 0 ? new DeviceAddress(text, null) : new(text[..colon], text[(colon + 1)..]);
        if (address.Backend.Length == 0 || address.Device is "" || address.Device?.Contains(':') == true)
            throw new FormatException($"'{text}' is not a device: write BACKEND or BACKEND:DEVICE, such as cpu or gpu:cuda0.");
        return address;
    }

    /// <summary>The device that this address selects among those of its backend, or null.</summary>
    public DeviceInfo? Select(IReadOnlyList<DeviceInfo> devices)
    {
        var id = Device ?? Backend;
        var named = devices.FirstOrDefault(d => string.Equals(d.Id, id, StringComparison.OrdinalIgnoreCase));
        return Device is null ? named ?? devices.FirstOrDefault(d => d.Kind != DeviceKind.Emulation) : named;
    }

    /// <summary>Why <see cref="Select"/> found none, and what can be written instead.</summary>
    /// <param name="devices">The devices of the backend.</param>
    /// <param name="refused">What the backend cannot use.</param>
    internal string WhyNone(IReadOnlyList<DeviceInfo> devices, IReadOnlyList<RefusedDevice> refused)
    {
        var backend = Backend;
        var names = string.Join(", ", devices.Select(d => Of(backend, d.Id)));
        var found = refused.Count == 0 ? "" : $" Refused were {string.Join("; ", refused)}.";
        return Device is null
            ? $"Backend '{Backend}' has nothing but emulations here, which are used only when named.{found} To use one, name it: {names}."
            : $"Backend '{Backend}' has no device '{Device}'. Write one of: {names}.{found}";
    }

    /// <inheritdoc/>
    public override string ToString() => Device is null ? Backend : $"{Backend}:{Device}";
}
