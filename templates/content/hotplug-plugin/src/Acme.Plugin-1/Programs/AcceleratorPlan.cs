using Acme.Plugin_1.Memory;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;

namespace Acme.Plugin_1.Programs;

/// <summary>A slice with a place for each of its values: an input, an output, a weight, or bytes in a block of the workspace. Holds no memory.</summary>
internal sealed class AcceleratorPlan : SlicePlan
{
    private const nuint Alignment = 64;

    private AcceleratorPlan(GraphSlice slice, AcceleratorBufferType type, IReadOnlyList<nuint> blocks, IReadOnlyDictionary<GraphValue, Place> places)
        : base(slice, type, blocks) => Places = places;

    /// <summary>Where each value lies.</summary>
    public IReadOnlyDictionary<GraphValue, Place> Places { get; }

    public static AcceleratorPlan Make(GraphSlice slice, AcceleratorBufferType type)
    {
        var places = new Dictionary<GraphValue, Place>();
        for (var i = 0; i < slice.Weights.Count; i++) places[slice.Weights[i]] = new(PlaceKind.Weight, i, 0);
        for (var i = 0; i < slice.Inputs.Count; i++) places[slice.Inputs[i]] = new(PlaceKind.Input, i, 0);
        for (var i = 0; i < slice.Outputs.Count; i++) places[slice.Outputs[i]] = new(PlaceKind.Output, i, 0);

        // Every other value has bytes of its own. Reusing those of values that nobody reads any more is the first thing to improve.
        var blocks = new List<nuint>();
        foreach (var operation in slice.Operations)
            foreach (var value in operation.Writes)
            {
                if (places.ContainsKey(value)) continue;
                var bytes = (type.AllocationSize(value.Resolve(slice.Bounds)) + Alignment - 1) / Alignment * Alignment;
                if (blocks.Count == 0 || blocks[^1] + bytes > type.MaxLength) blocks.Add(0);
                places[value] = new(PlaceKind.Workspace, blocks.Count - 1, blocks[^1]);
                blocks[^1] += bytes;
            }
        return new AcceleratorPlan(slice, type, blocks, places);
    }
}
