using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Memory;

namespace Hotplug.Runtime.Placement;

/// <summary>One weight on one device. A weight read on several devices has a placement on each.</summary>
/// <param name="Weight">The weight.</param>
/// <param name="Device">The device.</param>
/// <param name="BufferType">The buffer type there.</param>
/// <param name="Reason">Why there.</param>
/// <param name="Refused">Places and buffer types that were considered and refused.</param>
public sealed record WeightPlacement(GraphValue Weight, PlacementDevice Device, IBufferType BufferType, string Reason, IReadOnlyList<RefusedPlace> Refused);
