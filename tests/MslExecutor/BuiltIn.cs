namespace Hotplug.MslExecutor;

/// <summary>What a kernel's parameter is bound to; the numbers are those of <c>msl::Kind</c> in runtime.h.</summary>
internal enum BuiltIn
{
    Buffer, Threadgroup, PositionInThreadgroup, PositionInGrid, GroupPosition, GroupSize, GridGroups, GridSize, IndexInThreadgroup, LaneIndex, SimdIndex, SimdCount, LaneCount,
}
