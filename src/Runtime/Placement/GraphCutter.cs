using Hotplug.Abstractions.Graphs;

namespace Hotplug.Runtime.Placement;

/// <summary>
/// Cuts a placed graph into slices: a new one wherever the device changes, and where the cache does, since a slice has the pages of one cache. Of blocks with different caches all begins anew with the
/// block, so that its residual alone crosses.
/// </summary>
internal static class GraphCutter
{
    public static List<CutSlice> Cut(IReadOnlyList<NodePlacement> nodes, GraphValue result, KvGroups groups)
    {
        var runs = new List<(PlacementDevice Device, int? Window, List<Operation> Operations)>();
        foreach (var node in nodes)
        {
            var window = groups.WindowOf(node);
            if (runs.Count == 0 || runs[^1].Device != node.Device || (window is not null && runs[^1].Window is not null && runs[^1].Window != window)) runs.Add((node.Device, window, []));
            runs[^1] = runs[^1] with { Window = runs[^1].Window ?? window };
            runs[^1].Operations.Add(node.Node.Operation);
        }

        var writer = new Dictionary<GraphValue, int>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < runs.Count; i++)
            foreach (var operation in runs[i].Operations)
                foreach (var value in operation.Writes) writer[value] = i;

        var wanted = new HashSet<GraphValue>(ReferenceEqualityComparer.Instance) { result };
        for (var i = 0; i < runs.Count; i++)
            foreach (var value in Reads(runs[i].Operations))
                if (!value.IsWeight && writer[value] != i) wanted.Add(value);

        var slices = new List<CutSlice>(runs.Count);
        for (var i = 0; i < runs.Count; i++)
        {
            var (device, window, operations) = runs[i];
            slices.Add(new()
            {
                Device = device,
                KvWindow = window ?? 0,
                Operations = operations,
                Weights = Distinct(Reads(operations).Where(v => v.IsWeight)),
                Inputs = Distinct(Reads(operations).Where(v => !v.IsWeight && writer[v] != i)),
                Outputs = Distinct(operations.SelectMany(o => o.Writes).Where(wanted.Contains)),
            });
        }
        return slices;
    }

    private static IEnumerable<GraphValue> Reads(IEnumerable<Operation> operations) => operations.SelectMany(o => o.Reads);

    private static List<GraphValue> Distinct(IEnumerable<GraphValue> values)
        => [.. values.Distinct()];
}
