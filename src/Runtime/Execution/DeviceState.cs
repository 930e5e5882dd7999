using Hotplug.Runtime.Memory;
using Hotplug.Runtime.Placement;

namespace Hotplug.Runtime.Execution;

/// <summary>What a loaded model has on one device besides weights: workspace and exchange blocks, pages. Owns them; the lane is the device's, and shared.</summary>
internal sealed class DeviceState(PlacementDevice device, DeviceLanes lanes) : IDisposable
{
    public PlacementDevice Device { get; } = device;

    public DeviceLane Lane { get; } = lanes.Acquire(device);

    public List<BufferAllocation> Workspace { get; } = [];

    public List<BufferAllocation> Exchange { get; } = [];

    /// <summary>Its caches; one without pages if no layer lies there.</summary>
    public List<DeviceCache> Caches { get; } = [];

    public void Dispose()
    {
        foreach (var cache in Caches) cache.Dispose();
        foreach (var buffer in Exchange) buffer.Dispose();
        foreach (var buffer in Workspace) buffer.Dispose();
    }

    /// <summary>Gives the lane back. Apart, because what is disposed on the lane cannot end it.</summary>
    public void LeaveLane() => lanes.Release(Device);
}
