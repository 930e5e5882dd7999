using Hotplug.Abstractions.Devices;

namespace Hotplug.Runtime.Placement;

/// <summary>The accelerators that automatic placement may use, best first.</summary>
internal static class AutomaticDevices
{
    public static List<PlacementDevice> Choose(IReadOnlyList<PlacementDevice> devices, List<string> notes)
    {
        var chosen = new List<PlacementDevice>();
        foreach (var device in devices.Where(d => Rank(d) is not null).OrderBy(d => Rank(d)))
        {
            // One piece of hardware reached through two backends would otherwise get the model twice.
            var twin = device.Device.Info.PhysicalIdentity is { } identity ? chosen.Find(d => d.Device.Info.PhysicalIdentity == identity) : null;
            if (twin is null) chosen.Add(device);
            else notes.Add($"{device} is the same hardware as {twin} and is left out of automatic placement.");
        }
        return chosen;
    }

    private static int? Rank(PlacementDevice device) => device.Device.Info.Kind switch
    {
        DeviceKind.Gpu => 0,
        DeviceKind.IntegratedGpu => 1,
        DeviceKind.Accelerator => 2,
        _ => null,
    };
}
