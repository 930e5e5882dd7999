using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Tensors;
using Hotplug.Runtime.Faults;

namespace Hotplug.Runtime.Placement;

/// <summary>
/// Prepares all slices for the sizes that steps have. Where a device cannot allocate the workspace of a large step, the step is made smaller: a longer prompt then
/// takes more steps, and nothing else changes.
/// </summary>
internal sealed class ShapePlanner(IReadOnlyList<CutSlice> slices, GraphValue result, IReadOnlyList<KvPlan> caches, nuint? largestAllocation)
{
    /// <summary>Plans the shape of single tokens and that of prompts.</summary>
    public List<ShapePlan> Plan(StepBounds decode, StepBounds prefill, List<string> notes)
    {
        var small = Try(decode, out var reason)
            ?? throw new PlacementException(PlacementFailure.TooLarge, $"A step of {decode.Tokens} token(s) needs more than can be allocated: {reason}. Raise the largest allocation, or place fewer layers there.");
        var bounds = prefill;
        while (bounds.Tokens > decode.Tokens)
        {
            if (Try(bounds, out reason) is { } large)
            {
                if (bounds.Tokens < prefill.Tokens)
                    notes.Add($"Prompts are evaluated {bounds.Tokens} tokens at a time instead of {prefill.Tokens}: {reason ?? "the workspace has to fit the largest allocation"}.");
                return [small, large];
            }
            var tokens = Math.Max(bounds.Tokens / 2, decode.Tokens);
            bounds = bounds with { Tokens = tokens, OutputRows = Math.Max(decode.OutputRows, Math.Min(bounds.OutputRows, tokens)) };
        }
        if (prefill.Tokens > decode.Tokens)
            notes.Add($"Prompts are evaluated {decode.Tokens} token(s) at a time: the workspace of longer steps is larger than the largest allocation.");
        return [small];
    }

    private ShapePlan? Try(StepBounds bounds, out string? reason)
    {
        reason = null;
        var plans = new List<SlicePlan>(slices.Count);
        foreach (var slice in slices)
        {
            var layout = caches.FirstOrDefault(c => c.Device == slice.Device && c.Window == slice.KvWindow)?.Layout;
            CallTrace.Note(slice.Device.Name, "preparing a slice");
            var plan = slice.Device.Device.Prepare(slice.WithBounds(bounds, layout));
            var largest = Allocation.Largest(plan.BufferType, largestAllocation);
            foreach (var block in plan.WorkspaceBlocks)
                if (block > largest)
                {
                    reason = $"{slice.Device} asks for a workspace block of {block} bytes, and {plan.BufferType.Name} allocates at most {largest}";
                    return null;
                }
            plans.Add(plan);
        }
        return Exchange(bounds, plans, out reason);
    }

    /// <summary>Gives every value that crosses a slice border a place on each device that touches it.</summary>
    private ShapePlan? Exchange(StepBounds bounds, List<SlicePlan> plans, out string? reason)
    {
        reason = null;
        var home = new Dictionary<GraphValue, PlacementDevice>(ReferenceEqualityComparer.Instance);
        var lives = new Dictionary<(GraphValue, PlacementDevice), (int First, int Last)>();
        var values = new Dictionary<PlacementDevice, (SlicePlan Plan, List<GraphValue> Values)>();
        var copies = new List<PlannedCopy>();
        for (var i = 0; i < slices.Count; i++)
        {
            var device = slices[i].Device;
            if (!values.TryGetValue(device, out var here)) values[device] = here = (plans[i], []);
            foreach (var value in slices[i].Inputs)
            {
                if (home[value] != device && !here.Values.Contains(value))
                {
                    copies.Add(new(value, home[value], device, i));
                    here.Values.Add(value);
                    Live(value, home[value], i);
                }
                Live(value, device, i);
            }
            foreach (var value in slices[i].Outputs)
            {
                home[value] = device;
                here.Values.Add(value);
                // The result is read when all slices have run.
                Live(value, device, i);
                if (value == result) Live(value, device, int.MaxValue);
            }
        }

        var exchanges = new Dictionary<PlacementDevice, ExchangePlan>();
        foreach (var (device, (plan, list)) in values)
        {
            var largest = Allocation.Largest(plan.BufferType, largestAllocation);
            if (ExchangePlan.Pack(plan.BufferType, list, value => lives[(value, device)], bounds, largest, out TensorSpec tooLarge) is not { } packed)
            {
                reason = $"{tooLarge} does not fit an allocation of {largest} bytes on {device}";
                return null;
            }
            exchanges[device] = packed;
        }
        return new() { Bounds = bounds, Slices = plans, Exchanges = exchanges, Copies = copies };

        void Live(GraphValue value, PlacementDevice device, int slice)
            => lives[(value, device)] = lives.TryGetValue((value, device), out var life) ? (life.First, Math.Max(life.Last, slice)) : (slice, slice);
    }
}
