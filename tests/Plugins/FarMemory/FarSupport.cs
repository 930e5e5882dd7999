using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.FarMemory.Execution;
using Hotplug.Reference.Formats;
using Hotplug.Reference.Operations;

namespace Hotplug.FarMemory;

/// <summary>What the device answers when asked about an operation.</summary>
internal static class FarSupport
{
    public static Support Ask(FarDevice device, in OperationQuery query)
    {
        var operation = query.Operation;
        if (!ReferenceOperations.Supports(operation)) return Support.No($"{operation.GetType().Name} is not known here");
        if (query.WeightBufferType is { } type && type != device.Private && type != device.Plain)
            return Support.No($"weights in {type.Name} cannot be read here, only those in {device.Private.Name} and {device.Plain.Name}");
        foreach (var value in operation.Reads)
            if (WhyNot(device, value, query.Bounds) is { } reason) return Support.No(reason);
        foreach (var value in operation.Writes)
            if (WhyNot(device, value, query.Bounds) is { } reason) return Support.No(reason);
        if (operation.KvLayer is { } layer && query.KvCache is { } cache)
        {
            if (device.WhyNotCache(cache) is { } reason) return Support.No(reason);
            if (!cache.Layers.Any(entry => entry.Layer == layer)) return Support.No($"layer {layer} is not in the KV cache");
            var heads = cache.Layer(layer).Heads;
            if (operation is Attention attention && (heads == 0 || attention.Query.Shape.D1.Constant % heads != 0))
                return Support.No($"{attention.Query.Shape.D1} query heads are no multiple of {heads} KV heads");
        }
        return operation switch
        {
            Rope { Parameters: var rope, Input.Shape.D0: var width } when rope.RotaryWidth % 2 != 0 || rope.RotaryWidth > width.Constant
                => Support.No($"a rotary width of {rope.RotaryWidth} does not fit heads of {width}"),
            _ => Support.Yes,
        };
    }

    private static string? WhyNot(FarDevice device, GraphValue value, in StepBounds bounds)
    {
        if (value.IsWeight) return Dequantizer.Supports(value.Type) ? null : $"{value.Name} is {value.Type}, which is not read here";
        if (value.Type is not (TensorType.F32 or TensorType.I32)) return $"{value.Name} is {value.Type}; values are F32 or I32 here";
        var longest = WorkspaceLayout.LongestRow(device.Settings.MaxAllocation);
        return value.Shape.D0.Resolve(bounds) <= longest ? null : $"rows of {value.Name} have more than {longest} elements, the most an allocation holds";
    }
}
