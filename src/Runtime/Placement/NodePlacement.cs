using Hotplug.Runtime.Graphs;

namespace Hotplug.Runtime.Placement;

/// <summary>Where one operation runs, and why.</summary>
/// <param name="Node">The operation.</param>
/// <param name="Device">The device.</param>
/// <param name="Reason">Why there.</param>
/// <param name="Refused">Better places that were refused.</param>
public sealed record NodePlacement(GraphNode Node, PlacementDevice Device, string Reason, IReadOnlyList<RefusedPlace> Refused);
