using Hotplug.Abstractions.Execution;
using Hotplug.Accelerators.Programs;

namespace Hotplug.Gpu.Programs;

/// <summary>A slice with its program.</summary>
internal sealed class GpuPlan(GpuDevice device, ProgramLayout layout) : SlicePlan(layout.Slice, device.Plain, layout.WorkspaceBlocks)
{
    public GpuDevice Device => device;

    public ProgramLayout Layout => layout;
}
