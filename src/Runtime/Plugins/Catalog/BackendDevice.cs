using Hotplug.Abstractions.Devices;
using Hotplug.Runtime.Plugins.Slots;

namespace Hotplug.Runtime.Plugins.Catalog;

/// <summary>A device of an open backend.</summary>
/// <param name="Slot">The slot of its backend: take a lease to use the device.</param>
/// <param name="Info">What it states of itself.</param>
public sealed record BackendDevice(BackendSlot Slot, DeviceInfo Info)
{
    /// <summary>Its name.</summary>
    public DeviceAddress Address => DeviceAddress.Of(Slot.Id, Info.Id);
}
