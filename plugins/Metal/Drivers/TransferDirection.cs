namespace Hotplug.Metal.Drivers;

/// <summary>Which way bytes go.</summary>
internal enum TransferDirection
{
    /// <summary>From the host to the device.</summary>
    ToDevice,
    /// <summary>From the device to the host.</summary>
    ToHost,
}
