using Acme.Plugin_1.Memory;
using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Acme.Plugin_1.Programs;

/// <summary>
/// What the device runs. A no comes with the reason, which `hotplug plan` shows; the planner then gives the operation to another device. A yes is a promise: it will run, and be right.
/// </summary>
internal static class SupportedOperations
{
    /// <summary>Why an operation cannot be run, or null if it can.</summary>
    public static string? WhyNot(in OperationQuery query, AcceleratorBufferType type)
    {
        if (query.WeightBufferType is { } other && other != type) return $"plugin-id does not read weights in {other.Name}.";
        foreach (var value in query.Operation.Reads)
            if (WhyNot(value, query.Bounds, type) is { } reason) return reason;
        foreach (var value in query.Operation.Writes)
            if (WhyNot(value, query.Bounds, type) is { } reason) return reason;
        return query.Operation switch
        {
            MatMul o => Matrix(o),
            RmsNorm o => Float(o.Weight),
            Gated o => o.Function is Activation.Silu ? null : $"plugin-id has no gate with {o.Function}.",
            Add o => Pair(o.Left, o.Right),
            Mul o => Pair(o.Left, o.Right),
            _ => $"plugin-id has no {query.Operation.GetType().Name}.",
        };
    }

    private static string? Matrix(MatMul o)
    {
        if (!o.Weight.IsWeight) return "plugin-id multiplies weights only.";
        if (o.Weight.Type is not (TensorType.F32 or TensorType.Q8_0)) return $"{o.Weight.Name} is {o.Weight.Type}; plugin-id multiplies F32 and Q8_0.";
        if (o.Weight.Shape.D2 != (Dimension)1 || o.Weight.Shape.D3 != (Dimension)1) return $"{o.Weight.Name} {o.Weight.Shape} is no matrix.";
        if (o.Weight.Shape.D0 != o.Input.Shape.D0 || o.Weight.Shape.D1 != o.Output.Shape.D0) return $"{o.Weight.Name} {o.Weight.Shape} does not fit {o.Input.Shape} and {o.Output.Shape}.";
        return Float(o.Bias);
    }

    private static string? Pair(GraphValue left, GraphValue right)
    {
        if (Float(right) is { } reason) return reason;
        if (right.Shape == left.Shape) return null;
        return right.Shape == new SymbolicShape(left.Shape.D0) ? null : $"plugin-id repeats a single row only, and {right.Name} is {right.Shape} beside {left.Shape}.";
    }

    private static string? Float(GraphValue? value) => value is null or { Type: TensorType.F32 } ? null : $"{value.Name} is {value.Type}; plugin-id takes F32 there.";

    private static string? WhyNot(GraphValue value, in StepBounds bounds, AcceleratorBufferType type)
    {
        if (!value.IsWeight && value.Type != TensorType.F32) return $"{value.Name} is {value.Type}; plugin-id computes in F32.";
        if (value.Shape.D0.Symbol != Symbol.None) return $"The rows of {value.Name} are of no fixed length.";
        return type.AllocationSize(value.Resolve(bounds)) <= type.MaxLength ? null : $"{value.Name} takes more than the {type.MaxLength} bytes of the largest allocation.";
    }
}
