using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;
using Hotplug.Cpu.KvCache;
using Hotplug.Cpu.Kernels;

namespace Hotplug.Cpu;

/// <summary>What the device can run. Every answer is a reason against, or null for yes.</summary>
internal static class CpuSupport
{
    public static Support Ask(in OperationQuery query) => (Operands(query) ?? Kind(query)) is { } reason ? Support.No(reason) : Support.Yes;

    // What holds for all operations: weights within reach, values in floats or ids, nothing that overflows a row.
    private static string? Operands(in OperationQuery query)
    {
        foreach (var value in query.Operation.Reads)
        {
            if (!value.IsWeight) continue;
            if (query.WeightBufferType is not { } type) return $"The buffer type of weight {value.Name} is not stated.";
            if (!type.Traits.HostVisible || !type.Traits.StandardLayout)
                return $"cpu reads weights in host memory in the standard layout; {type.Name} is not that.";
        }
        foreach (var value in query.Operation.Reads)
            if (Refuse(value, query.Bounds) is { } reason) return reason;
        // The results of ArgMax are one number per row, so their only extent is the symbol.
        foreach (var value in query.Operation.Writes)
            if (query.Operation is not ArgMax && Refuse(value, query.Bounds) is { } reason) return reason;
        return null;
    }

    private static string? Refuse(GraphValue value, in StepBounds bounds)
    {
        if (!value.IsWeight && value.Type is not (TensorType.F32 or TensorType.I32))
            return $"Value {value.Name} is {value.Type}; cpu computes in F32 and I32.";
        if (value.Shape.D0.Symbol != Symbol.None) return $"The innermost extent of {value.Name} is a symbol.";
        return value.Shape.D0.Constant > int.MaxValue / 8 ? $"A row of {value.Name} has {value.Shape.D0.Constant} elements; cpu takes up to {int.MaxValue / 8}."
            : value.Shape.Resolve(bounds).ElementCount < 0 ? $"{value.Name} is too large." : null;
    }

    private static string? Kind(in OperationQuery query) => query.Operation switch
    {
        GetRows o => o.Table.IsWeight ? Matrix(o.Table) ?? Float(o.Output) : Float(o.Table, o.Output),
        MatMul o => Weight(o.Weight) ?? Matrix(o.Weight) ?? Float(o.Input, o.Bias, o.Output) ?? Weight(o.Bias)
            ?? Same(o.Weight.Shape.D0, o.Input.Shape.D0, o) ?? Same(o.Weight.Shape.D1, o.Output.Shape.D0, o),
        MatMulExperts o => Weight(o.Weight) ?? Matrix(o.Weight) ?? Float(o.Input, o.Bias, o.Output) ?? Weight(o.Bias) ?? Integer(o.Ids)
            ?? Same(o.Weight.Shape.D0, o.Input.Shape.D0, o) ?? Same(o.Weight.Shape.D1, o.Output.Shape.D0, o),
        RouteTopK o => Float(o.Logits, o.Bias, o.Weights) ?? Weight(o.Bias) ?? Integer(o.Ids)
            ?? (o.Ids.Shape.D0.Constant > o.Logits.Shape.D0.Constant ? $"{o.Ids.Shape.D0} experts cannot be chosen of {o.Logits.Shape.D0}." : null),
        CombineExperts o => Float(o.Input, o.Weights, o.Output),
        RmsNorm o => Float(o.Input, o.Weight, o.Output) ?? Weight(o.Weight),
        LayerNorm o => Float(o.Input, o.Weight, o.Bias, o.Output) ?? Weight(o.Weight) ?? Weight(o.Bias),
        Normalize o => Float(o.Input, o.Output),
        Softmax o => Float(o.Input, o.Output),
        Rope o => Float(o.Input, o.Factors, o.Output) ?? Weight(o.Factors) ?? Rotation(o.Parameters, o.Input.Shape.D0.Constant) ?? PerToken(o.Input),
        KvAppend o => Float(o.Key, o.Value) ?? Cache(query.KvCache, o.Layer, (int)o.Key.Shape.D0.Constant, (int)o.Value.Shape.D0.Constant, o.Key.Shape.D1.Constant, exact: true),
        Attention o => Float(o.Query, o.Sinks, o.Output) ?? Weight(o.Sinks)
            ?? Cache(query.KvCache, o.Layer, (int)o.Query.Shape.D0.Constant, null, o.Query.Shape.D1.Constant, exact: false),
        AttentionBatch o => Float(o.Query, o.Key, o.Value, o.Output) ?? Groups(o.Query.Shape.D1.Constant, o.Key.Shape.D1.Constant)
            ?? Same(o.Query.Shape.D0, o.Key.Shape.D0, o) ?? Same(o.Key.Shape.D1, o.Value.Shape.D1, o),
        KvShift o => Float(o.Factors) ?? Weight(o.Factors) ?? Cache(query.KvCache, o.Layer, null, null, null, exact: false)
            ?? Rotation(o.Parameters, query.KvCache!.Layer(o.Layer).KeyWidth),
        Add o => Pair(o.Left, o.Right, o.Output, o),
        Mul o => Pair(o.Left, o.Right, o.Output, o),
        Scale o => Float(o.Input, o.Output),
        SoftCap o => Float(o.Input, o.Output),
        Gated o => Float(o.Gate, o.Up, o.Output) ?? Function(o.Function),
        Activate o => Float(o.Input, o.Output) ?? Function(o.Function),
        Pool o => Float(o.Input, o.Output) ?? (Enum.IsDefined(o.Kind) ? null : $"Pooling {o.Kind} is not known."),
        Cast => null,
        View o => o.Input.IsWeight ? "cpu takes views of computed values only." : o.Input.Type == o.Output.Type ? null : "A view does not change the type.",
        ArgMax o => Float(o.Input, o.Values) ?? Integer(o.Ids),
        _ => $"cpu does not know the operation {query.Operation.GetType().Name}.",
    };

    private static string? Float(params ReadOnlySpan<GraphValue?> values)
    {
        foreach (var value in values)
            if (value is { Type: not TensorType.F32 }) return $"{value.Name} is {value.Type}; cpu takes F32 there.";
        return null;
    }

    private static string? Integer(GraphValue value) => value.Type == TensorType.I32 ? null : $"{value.Name} is {value.Type}; cpu takes I32 there.";

    private static string? Weight(GraphValue? value) => value is { IsWeight: false } ? $"{value.Name} is computed in the graph; cpu takes a weight there." : null;

    private static string? Matrix(GraphValue weight)
        => !MatrixKernel.Knows(weight.Type) ? $"cpu has no kernel for {weight.Type} ({weight.Name})."
            : weight.Shape.D0.Constant % weight.Type.BlockLength() != 0 ? $"Rows of {weight.Name} are no whole number of {weight.Type} blocks."
            : weight.Shape.D0.Constant == 0 ? $"Rows of {weight.Name} are empty."
            : null;

    private static string? Same(Dimension a, Dimension b, Operation operation)
        => a == b ? null : $"Extents {a} and {b} of {operation.GetType().Name} ({operation.Writes[0].Name}) should be the same.";

    private static string? Function(Activation function) => Enum.IsDefined(function) ? null : $"Activation {function} is not known.";

    private static string? Rotation(RopeParameters parameters, long width)
        => parameters.RotaryWidth < 0 || parameters.RotaryWidth % 2 != 0 || parameters.RotaryWidth > width
            ? $"A rotary width of {parameters.RotaryWidth} does not fit heads of {width}."
            : Enum.IsDefined(parameters.Style) ? null : $"Rotation style {parameters.Style} is not known.";

    private static string? PerToken(GraphValue value)
        => value.Shape.D2 == Dimension.Tokens && value.Shape.D1.Symbol == Symbol.None ? null : $"{value.Name} should be [width, heads, tokens], not {value.Shape}.";

    private static string? Pair(GraphValue left, GraphValue right, GraphValue output, Operation operation)
    {
        if ((Float(left, right, output) ?? Same(left.Shape.D0, right.Shape.D0, operation)) is { } reason) return reason;
        return Repeats(left.Shape.D1, right.Shape.D1) && Repeats(left.Shape.D2, right.Shape.D2) && Repeats(left.Shape.D3, right.Shape.D3)
            ? null : $"{right.Name} {right.Shape} cannot be repeated to {left.Shape}.";
    }

    private static bool Repeats(Dimension left, Dimension right) => left == right || right == (Dimension)1;

    private static string? Groups(long queryHeads, long heads)
        => heads < 1 || queryHeads < 1 || queryHeads % heads != 0 ? $"{queryHeads} query heads cannot share {heads} KV heads." : null;

    private static string? Cache(KvCacheSpec? cache, int layer, int? keyWidth, int? valueWidth, long? heads, bool exact)
    {
        if (cache is null) return "The KV cache is not stated.";
        if (cache.PageTokens != CpuKvLayout.PageTokens) return $"cpu keeps KV pages of {CpuKvLayout.PageTokens} tokens, not {cache.PageTokens}.";
        foreach (var entry in cache.Layers)
        {
            if (entry.Layer != layer) continue;
            return CpuKvLayout.Refusal(entry)
                ?? (keyWidth is { } k && k != entry.KeyWidth ? $"Heads of {k} do not fit keys of {entry.KeyWidth} in layer {layer} of the KV cache." : null)
                ?? (valueWidth is { } v && v != entry.ValueWidth ? $"Heads of {v} do not fit values of {entry.ValueWidth} in layer {layer} of the KV cache." : null)
                ?? (heads is not { } h ? null : !exact ? Groups(h, entry.Heads)
                    : h == entry.Heads ? null : $"{h} heads do not fit the {entry.Heads} of layer {layer} of the KV cache.");
        }
        return $"Layer {layer} is not in the KV cache.";
    }
}
