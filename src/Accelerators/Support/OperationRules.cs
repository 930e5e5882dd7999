using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Accelerators.Support;

/// <summary>
/// What makes operands fit an operation, whatever the device: element types, matching extents, entries of the KV cache. A device derives from it and adds its own
/// limits; every answer is a reason against, or null. Stateless; safe from any thread.
/// </summary>
public abstract class OperationRules
{
    /// <summary>The device's name for messages.</summary>
    protected abstract string Name { get; }

    /// <summary>Tokens in a page of the device's KV cache.</summary>
    protected abstract int PageTokens { get; }

    /// <summary>Answers a query.</summary>
    public Abstractions.Devices.Support Ask(in OperationQuery query)
        => (Operands(query) ?? Kind(query) ?? Kernel(query.Operation, query.Bounds)) is { } reason ? Abstractions.Devices.Support.No(reason) : Abstractions.Devices.Support.Yes;

    /// <summary>Why weights in memory of this type cannot be read, or null.</summary>
    protected abstract string? Place(GraphValue weight, IBufferType type);

    /// <summary>Why a matrix, or a table of rows, cannot be multiplied or read, or null.</summary>
    protected abstract string? Matrix(GraphValue weight);

    /// <summary>Why a value does not suit the device, or null: too long a row, too many elements.</summary>
    protected abstract string? Limits(GraphValue value, in StepBounds bounds);

    /// <summary>Why a layer of a KV cache cannot be kept, or null.</summary>
    protected abstract string? Cache(in KvLayerSpec layer);

    /// <summary>Why heads of these widths cannot be attended to, or null.</summary>
    protected abstract string? Heads(long keyWidth, long valueWidth, long headsPerGroup);

    /// <summary>Why the device's kernel does not take an operation whose operands fit otherwise, or has no room for what it needs beside them, or null.</summary>
    protected virtual string? Kernel(Operation operation, in StepBounds bounds) => null;

    private string? Operands(in OperationQuery query)
    {
        foreach (var value in query.Operation.Reads)
        {
            if (!value.IsWeight) continue;
            if (query.WeightBufferType is not { } type) return $"The buffer type of weight {value.Name} is not stated.";
            if (Place(value, type) is { } reason) return reason;
        }
        foreach (var value in query.Operation.Reads)
            if (Value(value, query.Bounds) is { } reason) return reason;
        // The results of ArgMax are one number per row, so their only extent is the symbol.
        foreach (var value in query.Operation.Writes)
            if (query.Operation is not ArgMax && Value(value, query.Bounds) is { } reason) return reason;
        return null;
    }

    private string? Value(GraphValue value, in StepBounds bounds)
    {
        if (!value.IsWeight && value.Type is not (TensorType.F32 or TensorType.I32)) return $"Value {value.Name} is {value.Type}; {Name} computes in F32 and I32.";
        return value.Shape.D0.Symbol != Symbol.None ? $"The innermost extent of {value.Name} is a symbol." : Limits(value, bounds);
    }

    private string? Kind(in OperationQuery query) => query.Operation switch
    {
        GetRows o => o.Table.IsWeight ? Matrix(o.Table) ?? Float(o.Output) ?? Same(o.Table.Shape.D0, o.Output.Shape.D0, o) : Float(o.Table, o.Output),
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
        KvAppend o => Float(o.Key, o.Value) ?? Entry(query.KvCache, o.Layer, (int)o.Key.Shape.D0.Constant, (int)o.Value.Shape.D0.Constant, o.Key.Shape.D1.Constant, exact: true),
        Attention o => Float(o.Query, o.Sinks, o.Output) ?? Weight(o.Sinks)
            ?? Entry(query.KvCache, o.Layer, (int)o.Query.Shape.D0.Constant, null, o.Query.Shape.D1.Constant, exact: false),
        AttentionBatch o => Float(o.Query, o.Key, o.Value, o.Output) ?? Groups(o.Query.Shape.D1.Constant, o.Key.Shape.D1.Constant)
            ?? Same(o.Query.Shape.D0, o.Key.Shape.D0, o) ?? Same(o.Key.Shape.D1, o.Value.Shape.D1, o)
            ?? Heads(o.Key.Shape.D0.Constant, o.Value.Shape.D0.Constant, o.Query.Shape.D1.Constant / o.Key.Shape.D1.Constant),
        KvShift o => Float(o.Factors) ?? Weight(o.Factors) ?? Entry(query.KvCache, o.Layer, null, null, null, exact: false)
            ?? Rotation(o.Parameters, query.KvCache!.Layer(o.Layer).KeyWidth),
        Add o => Pair(o.Left, o.Right, o.Output, o),
        Mul o => Pair(o.Left, o.Right, o.Output, o),
        Scale o => Float(o.Input, o.Output),
        SoftCap o => Float(o.Input, o.Output),
        Gated o => Float(o.Gate, o.Up, o.Output) ?? Function(o.Function),
        Activate o => Float(o.Input, o.Output) ?? Function(o.Function),
        Pool o => Float(o.Input, o.Output) ?? (Enum.IsDefined(o.Kind) ? null : $"Pooling {o.Kind} is not known."),
        Cast => null,
        View o => o.Input.IsWeight ? $"{Name} takes views of computed values only." : o.Input.Type == o.Output.Type ? null : "A view does not change the type.",
        ArgMax o => Float(o.Input, o.Values) ?? Integer(o.Ids),
        _ => $"{Name} does not know the operation {query.Operation.GetType().Name}.",
    };

    private string? Float(params ReadOnlySpan<GraphValue?> values)
    {
        foreach (var value in values)
            if (value is { Type: not TensorType.F32 }) return $"{value.Name} is {value.Type}; {Name} takes F32 there.";
        return null;
    }

    private string? Integer(GraphValue value) => value.Type == TensorType.I32 ? null : $"{value.Name} is {value.Type}; {Name} takes I32 there.";

    private string? Weight(GraphValue? value) => value is { IsWeight: false } ? $"{value.Name} is computed in the graph; {Name} takes a weight there." : null;

    private static string? Same(Dimension a, Dimension b, Operation operation)
        => a == b ? null : $"Extents {a} and {b} of {operation.GetType().Name} ({operation.Writes[0].Name}) should be the same.";

    private static string? Function(Activation function) => Enum.IsDefined(function) ? null : $"Activation {function} is not known.";

    private static string? Rotation(RopeParameters parameters, long width)
        => parameters.RotaryWidth < 0 || parameters.RotaryWidth % 2 != 0 || parameters.RotaryWidth > width
            ? $"A rotary width of {parameters.RotaryWidth} does not fit heads of {width}."
            : Enum.IsDefined(parameters.Style) ? null : $"Rotation style {parameters.Style} is not known.";

    private static string? PerToken(GraphValue value)
        => value.Shape.D2 == Dimension.Tokens && value.Shape.D1.Symbol == Symbol.None ? null : $"{value.Name} should be [width, heads, tokens], not {value.Shape}.";

    private string? Pair(GraphValue left, GraphValue right, GraphValue output, Operation operation)
    {
        if ((Float(left, right, output) ?? Same(left.Shape.D0, right.Shape.D0, operation)) is { } reason) return reason;
        return Repeats(left.Shape.D1, right.Shape.D1) && Repeats(left.Shape.D2, right.Shape.D2) && Repeats(left.Shape.D3, right.Shape.D3)
            ? null : $"{right.Name} {right.Shape} cannot be repeated to {left.Shape}.";
    }

    private static bool Repeats(Dimension left, Dimension right) => left == right || right == (Dimension)1;

    private static string? Groups(long queryHeads, long heads)
        => heads < 1 || queryHeads < 1 || queryHeads % heads != 0 ? $"{queryHeads} query heads cannot share {heads} KV heads." : null;

    private string? Entry(KvCacheSpec? cache, int layer, int? keyWidth, int? valueWidth, long? heads, bool exact)
    {
        if (cache is null) return "The KV cache is not stated.";
        if (cache.PageTokens != PageTokens) return $"{Name} keeps KV pages of {PageTokens} tokens, not {cache.PageTokens}.";
        foreach (var entry in cache.Layers)
        {
            if (entry.Layer != layer) continue;
            return Cache(entry)
                ?? (keyWidth is { } k && k != entry.KeyWidth ? $"Heads of {k} do not fit keys of {entry.KeyWidth} in layer {layer} of the KV cache." : null)
                ?? (valueWidth is { } v && v != entry.ValueWidth ? $"Heads of {v} do not fit values of {entry.ValueWidth} in layer {layer} of the KV cache." : null)
                ?? (heads is not { } h ? null : exact ? h == entry.Heads ? null : $"{h} heads do not fit the {entry.Heads} of layer {layer} of the KV cache."
                    : Groups(h, entry.Heads) ?? Heads(entry.KeyWidth, entry.ValueWidth, h / entry.Heads));
        }
        return $"Layer {layer} is not in the KV cache.";
    }
}
