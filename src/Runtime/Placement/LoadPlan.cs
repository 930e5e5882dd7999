using Hotplug.Abstractions.Graphs;
using Hotplug.Runtime.Memory.Composition;

namespace Hotplug.Runtime.Placement;

/// <summary>
/// Where everything goes, and why: a load does exactly this or fails. Immutable; holds nothing but descriptions.
/// </summary>
public sealed record LoadPlan
{
    private static readonly StepBounds One = new() { Tokens = 1, OutputRows = 1, Sequences = 1 };

    /// <summary>What was asked.</summary>
    public required PlanRequest Request { get; init; }

    /// <summary>Every operation with its device.</summary>
    public required IReadOnlyList<NodePlacement> Nodes { get; init; }

    /// <summary>Every weight with its device and buffer type, in order of first use.</summary>
    public required IReadOnlyList<WeightPlacement> Weights { get; init; }

    /// <summary>The runs of operations on one device, in order.</summary>
    public required IReadOnlyList<CutSlice> Slices { get; init; }

    /// <summary>The KV cache of each device that runs attention.</summary>
    public required IReadOnlyList<KvPlan> KvCaches { get; init; }

    /// <summary>Step shapes, smallest first.</summary>
    public required IReadOnlyList<ShapePlan> Shapes { get; init; }

    /// <summary>How the weights become one multi-buffer; its requests stand in the order of <see cref="Weights"/>.</summary>
    public required CompositionPlan Composition { get; init; }

    /// <summary>What people should know: wishes that had to be changed, devices left out.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The devices that take part, in order of first use.</summary>
    public IEnumerable<PlacementDevice> Devices => Slices.Select(s => s.Device).Distinct();

    /// <summary>Memory on one device.</summary>
    public DeviceTotals TotalsOf(PlacementDevice device) => new()
    {
        WeightBytes = Weights.Where(w => w.Device == device).Sum(w => (long)w.BufferType.AllocationSize(w.Weight.Resolve(One))),
        KvBytes = KvCaches.Where(k => k.Device == device).Sum(k => k.Bytes),
        WorkspaceBytes = WorkspaceBlocks(device).Sum(b => (long)b),
        ExchangeBytes = ExchangeBlocks(device).Sum(b => (long)b),
    };

    /// <summary>Bytes of each workspace block of a device: large enough for every slice of every shape.</summary>
    public IReadOnlyList<nuint> WorkspaceBlocks(PlacementDevice device) => WorkspaceBlocks(device, Slices, Shapes);

    /// <summary>Bytes of each block of a device in which values cross.</summary>
    public IReadOnlyList<nuint> ExchangeBlocks(PlacementDevice device) => ExchangeBlocks(device, Shapes);

    internal static IReadOnlyList<nuint> WorkspaceBlocks(PlacementDevice device, IReadOnlyList<CutSlice> slices, IReadOnlyList<ShapePlan> shapes)
        => Largest(shapes.SelectMany(s => s.Slices.Where((_, i) => slices[i].Device == device)).Select(p => p.WorkspaceBlocks));

    internal static IReadOnlyList<nuint> ExchangeBlocks(PlacementDevice device, IReadOnlyList<ShapePlan> shapes)
        => Largest(shapes.Where(s => s.Exchanges.ContainsKey(device)).Select(s => s.Exchanges[device].Blocks));

    private static List<nuint> Largest(IEnumerable<IReadOnlyList<nuint>> plans)
    {
        var blocks = new List<nuint>();
        foreach (var plan in plans)
            for (var i = 0; i < plan.Count; i++)
                if (i == blocks.Count) blocks.Add(plan[i]);
                else blocks[i] = nuint.Max(blocks[i], plan[i]);
        return blocks;
    }
}
