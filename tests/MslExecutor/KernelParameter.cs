namespace Hotplug.MslExecutor;

/// <summary>A parameter of a kernel as the source says it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is bound to.</param>
/// <param name="Index">N of <c>[[buffer(N)]]</c> or <c>[[threadgroup(N)]]</c>, otherwise 0.</param>
/// <param name="Constant">In address space <c>constant</c>.</param>
/// <param name="ReadOnly">Points to const.</param>
internal sealed record KernelParameter(string Name, BuiltIn Kind, int Index, bool Constant, bool ReadOnly)
{
    public static readonly IReadOnlyDictionary<string, BuiltIn> Attributes = new Dictionary<string, BuiltIn>
    {
        ["buffer"] = BuiltIn.Buffer,
        ["threadgroup"] = BuiltIn.Threadgroup,
        ["thread_position_in_threadgroup"] = BuiltIn.PositionInThreadgroup,
        ["thread_position_in_grid"] = BuiltIn.PositionInGrid,
        ["threadgroup_position_in_grid"] = BuiltIn.GroupPosition,
        ["threads_per_threadgroup"] = BuiltIn.GroupSize,
        ["threadgroups_per_grid"] = BuiltIn.GridGroups,
        ["threads_per_grid"] = BuiltIn.GridSize,
        ["thread_index_in_threadgroup"] = BuiltIn.IndexInThreadgroup,
        ["thread_index_in_simdgroup"] = BuiltIn.LaneIndex,
        ["simdgroup_index_in_threadgroup"] = BuiltIn.SimdIndex,
        ["simdgroups_per_threadgroup"] = BuiltIn.SimdCount,
        ["threads_per_simdgroup"] = BuiltIn.LaneCount,
    };
}
