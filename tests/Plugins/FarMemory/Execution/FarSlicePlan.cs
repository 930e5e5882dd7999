using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;

namespace Hotplug.FarMemory.Execution;

/// <summary>A slice with the places of its values.</summary>
internal sealed class FarSlicePlan(GraphSlice slice, FarDevice device, WorkspaceLayout layout) : SlicePlan(slice, device.Plain, layout.Blocks)
{
    public FarDevice Device => device;

    public WorkspaceLayout Layout => layout;
}
