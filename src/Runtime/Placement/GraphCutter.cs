using Hotplug.Abstractions.Graphs;

namespace Hotplug.Runtime.Placement;

/// <summary>Cuts a placed graph into slices: a new one wherever the device changes.</summary>
internal static class GraphCutter
{
    public static List<CutSlice> Cut(IReadOnlyList<NodePlacement> nodes, GraphValue result)
    {
        var runs = new List<(PlacementDevice Device, List<Operation> Operations)>();
        foreach (var node in nodes)
        {
            if (runs.Count == 0 || runs[^1].Device != node.Device) runs.Add((node.Device, []));
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
            var (device, operations) = runs[i];
            slices.Add(new()
            {
                Device = device,
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
