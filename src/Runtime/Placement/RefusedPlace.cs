namespace Hotplug.Runtime.Placement;

/// <summary>A place that was considered and not taken.</summary>
/// <param name="Device">Name of the device.</param>
/// <param name="Reason">Why not.</param>
public sealed record RefusedPlace(string Device, string Reason);
