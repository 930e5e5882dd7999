using Hotplug.Abstractions.Devices;
using Hotplug.Runtime.Plugins.Slots;

namespace Hotplug.Runtime.Plugins.Catalog;

/// <summary>A choice of a backend, and why.</summary>
/// <param name="Slot">The slot of the chosen backend.</param>
/// <param name="Device">The device that was named, or the one that the backend's id selects.</param>
/// <param name="Candidates">Every backend that was there, and every folder that was rejected, with the reason for or against.</param>
public sealed record BackendSelection(BackendSlot Slot, DeviceInfo Device, IReadOnlyList<BackendCandidate> Candidates)
{
    /// <summary>One line per candidate.</summary>
    public override string ToString() => string.Join(Environment.NewLine, Candidates);
}
