using Hotplug.Abstractions.Devices;
using Hotplug.Runtime.Placement;

namespace Hotplug.Runtime.Execution;

/// <summary>The lanes of all devices in use: one each, shared by the models on it. Thread-safe. Owns the lanes.</summary>
public sealed class DeviceLanes : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IDevice, DeviceLane> _lanes = new(ReferenceEqualityComparer.Instance);
    private readonly TimeSpan _timeout;

    /// <summary>Creates an empty set.</summary>
    /// <param name="timeout">How long one call into a device may take before the device is given up; default 10 minutes.</param>
    public DeviceLanes(TimeSpan? timeout = null) => _timeout = timeout ?? TimeSpan.FromMinutes(10);

    /// <summary>The lane of a device, started if it is not there.</summary>
    internal DeviceLane For(PlacementDevice device)
    {
        lock (_gate)
        {
            if (!_lanes.TryGetValue(device.Device, out var lane)) _lanes[device.Device] = lane = new DeviceLane(device.Name, _timeout);
            return lane;
        }
    }

    /// <summary>Ends the lane of a device whose backend goes.</summary>
    public void Remove(IDevice device)
    {
        DeviceLane? lane;
        lock (_gate) _lanes.Remove(device, out lane);
        lane?.Dispose();
    }

    /// <summary>Ends all lanes; models have been disposed before.</summary>
    public void Dispose()
    {
        DeviceLane[] lanes;
        lock (_gate)
        {
            lanes = [.. _lanes.Values];
            _lanes.Clear();
        }
        foreach (var lane in lanes) lane.Dispose();
    }
}
