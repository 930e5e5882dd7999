using Hotplug.Abstractions.Devices;
using Hotplug.Runtime.Placement;

namespace Hotplug.Runtime.Execution;

/// <summary>
/// The lanes of all devices in use: one each, shared by the models on it, and ended with the last of them, so that nothing here holds a backend that goes. Thread-safe.
/// Owns the lanes.
/// </summary>
public sealed class DeviceLanes : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IDevice, Shared> _lanes = new(ReferenceEqualityComparer.Instance);
    private static readonly List<(ModelExecutor, LeasedDevices)> Kept = [];
    private readonly TimeSpan _timeout;

    /// <summary>Creates an empty set.</summary>
    /// <param name="timeout">How long one call into a device may take before the device is given up; default 10 minutes.</param>
    public DeviceLanes(TimeSpan? timeout = null) => _timeout = timeout ?? TimeSpan.FromMinutes(10);

    /// <summary>Lanes at this moment.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _lanes.Count;
        }
    }

    /// <summary>The lane of a device, started if it is not there. To be given back with <see cref="Release"/>.</summary>
    internal DeviceLane Acquire(PlacementDevice device)
    {
        lock (_gate)
        {
            if (!_lanes.TryGetValue(device.Device, out var shared)) _lanes[device.Device] = shared = new Shared(new DeviceLane(device.Name, _timeout));
            shared.Users++;
            return shared.Lane;
        }
    }

    /// <summary>Gives a lane back; the last user ends it.</summary>
    internal void Release(PlacementDevice device)
    {
        DeviceLane lane;
        lock (_gate)
        {
            if (!_lanes.TryGetValue(device.Device, out var shared) || --shared.Users > 0) return;
            _lanes.Remove(device.Device);
            lane = shared.Lane;
        }
        lane.Dispose();
    }

    /// <summary>Keeps what a call that has not come back may still touch, for as long as the process.</summary>
    internal static void Keep(ModelExecutor executor, LeasedDevices devices)
    {
        lock (Kept) Kept.Add((executor, devices));
    }

    /// <summary>Ends all lanes; models have been disposed before.</summary>
    public void Dispose()
    {
        Shared[] lanes;
        lock (_gate)
        {
            lanes = [.. _lanes.Values];
            _lanes.Clear();
        }
        foreach (var shared in lanes) shared.Lane.Dispose();
    }

    private sealed class Shared(DeviceLane lane)
    {
        public DeviceLane Lane => lane;

        public int Users { get; set; }
    }
}
