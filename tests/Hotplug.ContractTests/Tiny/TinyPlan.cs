using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;

namespace Hotplug.ContractTests.Tiny;

/// <summary>Two blocks of workspace, so that a host that forgets one is found out; values live in them as far as they fit.</summary>
internal sealed class TinyPlan(TinyDevice device, GraphSlice slice, TinyBufferType type) : SlicePlan(slice, type, [1000, 77])
{
    public TinyDevice Device => device;
}
