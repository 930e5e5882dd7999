using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Cpu.Memory;

namespace Hotplug.Cpu.Programs;

/// <summary>A slice, its steps and where everything lies.</summary>
internal sealed class CpuPlan(GraphSlice slice, ProgramLayout layout)
    : SlicePlan(slice, CpuBufferType.Instance, layout.WorkspaceBytes == 0 ? [] : [(nuint)layout.WorkspaceBytes])
{
    public ProgramLayout Layout { get; } = layout;
}
