namespace Hotplug.Metal.Programs;

/// <summary>
/// Where barriers stand between launches that are recorded for concurrent execution: before the first one that touches what an earlier one since the last barrier touches too,
/// one of them writing. Places are those at the bounds of the slice, so that the answer holds for every step.
/// </summary>
internal static class BarrierPlan
{
    /// <summary>For each launch, whether a barrier stands before it.</summary>
    public static bool[] Of(IReadOnlyList<Launch> launches)
    {
        var barriers = new bool[launches.Count];
        var open = new List<Operand>();
        for (var i = 0; i < launches.Count; i++)
        {
            barriers[i] = launches[i].Operands.Any(o => open.Any(earlier => earlier.Conflicts(o)));
            if (barriers[i]) open.Clear();
            open.AddRange(launches[i].Operands);
        }
        return barriers;
    }
}
