using Hotplug.Abstractions.Execution;
using Hotplug.Accelerators.Programs;

namespace Hotplug.Metal.Programs;

/// <summary>A slice with its program.</summary>
internal sealed class MetalPlan(MetalGpu device, ProgramLayout layout) : SlicePlan(layout.Slice, device.Working, layout.WorkspaceBlocks)
{
    public MetalGpu Device => device;

    public ProgramLayout Layout => layout;
}
