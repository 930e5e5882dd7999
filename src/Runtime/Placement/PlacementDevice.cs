using Hotplug.Abstractions.Devices;

namespace Hotplug.Runtime.Placement;

/// <summary>A device as the planner sees it: the device and what it said of its memory when the plan was asked for.</summary>
public sealed record PlacementDevice
{
    /// <summary>How people name it; see <see cref="Plugins.Catalog.DeviceAddress"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The backend's id.</summary>
    public required string Backend { get; init; }

    /// <summary>The device; the planner asks only what is pure.</summary>
    public required IDevice Device { get; init; }

    /// <summary>Memory at the time of planning.</summary>
    public DeviceMemory Memory { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
