using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Runtime.Graphs;

/// <summary>
/// Writes down a model operation by operation. Every method checks shapes at once, so that a file whose tensors do not fit together is refused with the names
/// of both sides instead of failing in a kernel. Not thread-safe; one builder makes one graph.
/// </summary>
public sealed partial class GraphBuilder
{
    private readonly List<GraphNode> _nodes = [];
    private readonly List<GraphValue> _weights = [];
    private readonly HashSet<GraphValue> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly List<KvLayerShape> _kvLayers = [];
    private int _next;

    /// <summary>The section that operations written from now on belong to.</summary>
    public GraphSection Section { get; set; } = GraphSection.Input;

    /// <summary>Declares a weight as it stands in a file.</summary>
    public static GraphValue Weight(in TensorSpec spec) => new(spec.Name, spec.Type, spec.Shape, isWeight: true);

    /// <summary>Rows of a table: <c>table[d, v] → [d, n or o]</c>.</summary>
    public GraphValue GetRows(GraphValue table, RowSource source)
    {
        var output = Value("rows", table.Shape.D0, source == RowSource.OutputRows ? Dimension.OutputRows : Dimension.Tokens);
        return Emit(new GetRows(table, source, output), output);
    }

    /// <summary>Product with a matrix: <c>w[k, m] · x[k, n] (+ b[m]) → [m, n]</c>.</summary>
    public GraphValue MatMul(GraphValue weight, GraphValue input, GraphValue? bias = null)
    {
        Require(weight.Shape.D0 == input.Shape.D0, $"{weight} cannot be multiplied with {input}: the row lengths differ");
        Require(bias is null || (bias.Type == TensorType.F32 && bias.Shape.D0 == weight.Shape.D1), $"{bias} is no bias for {weight}");
        var output = Value("product", weight.Shape.D1, input.Shape.D1, input.Shape.D2);
        return Emit(new MatMul(weight, input, bias, output), output);
    }

    /// <summary>Root-mean-square norm over the innermost dimension.</summary>
    public GraphValue RmsNorm(GraphValue input, GraphValue? weight, float epsilon)
    {
        RequireVector(weight, input.Shape.D0);
        var output = Like("norm", input);
        return Emit(new RmsNorm(input, weight, epsilon, output), output);
    }

    /// <summary>Rotates heads <c>[h, heads, n]</c> by position.</summary>
    public GraphValue Rope(GraphValue input, GraphValue? factors, RopeParameters parameters)
    {
        RequireVector(factors, parameters.RotaryWidth / 2);
        Require(parameters.RotaryWidth is > 0 && parameters.RotaryWidth % 2 == 0 && parameters.RotaryWidth <= input.Shape.D0.Constant,
            $"a rotary width of {parameters.RotaryWidth} does not fit {input}");
        var output = Like("rotated", input);
        return Emit(new Rope(input, factors, parameters, output), output);
    }

    /// <summary>Stores keys and values <c>[h, heads, n]</c> in the cache of a layer.</summary>
    public void KvAppend(GraphValue key, GraphValue value, int layer)
    {
        Require(key.Shape.D1 == value.Shape.D1, $"{key} and {value} have different numbers of heads");
        _kvLayers.Add(new(layer, (int)key.Shape.D1.Constant, (int)key.Shape.D0.Constant, (int)value.Shape.D0.Constant));
        Emit(new KvAppend(key, value, layer));
    }

    /// <summary>Attention of queries <c>[h, H, n]</c> over the cache of a layer, which was appended to before: <c>[h'·H, n]</c>.</summary>
    public GraphValue Attention(GraphValue query, GraphValue? sinks, int layer, AttentionParameters parameters)
    {
        var index = _kvLayers.FindIndex(l => l.Layer == layer);
        Require(index >= 0, $"layer {layer} has attention but no cache");
        var cache = _kvLayers[index];
        // Where tokens see those behind them as well, a cell is never out of sight for good.
        _kvLayers[index] = cache with { Window = parameters.Causal ? parameters.Window : 0 };
        var heads = query.Shape.D1.Constant;
        Require(heads % cache.Heads == 0 && query.Shape.D0.Constant == cache.KeyWidth, $"{query} does not fit a cache of {cache.Heads} heads of {cache.KeyWidth}");
        RequireVector(sinks, heads);
        var output = Value("attention", cache.ValueWidth * heads, query.Shape.D2);
        return Emit(new Attention(query, sinks, layer, parameters, output), output);
    }

    /// <summary>Heads of a row: <c>[h·heads, n] → [h, heads, n]</c>.</summary>
    public GraphValue SplitHeads(GraphValue input, int heads)
    {
        var width = input.Shape.D0.Constant;
        Require(heads > 0 && width % heads == 0, $"{input} is no whole number of {heads} heads");
        var output = Value("heads", width / heads, heads, input.Shape.D1);
        return Emit(new View(input, 0, output), output);
    }

    /// <summary>Finishes the graph. The builder must not be used afterwards.</summary>
    /// <param name="output">The result, <c>[v, o]</c>.</param>
    public ModelGraph Build(GraphValue output) => new(_nodes, _weights, [.. _kvLayers.OrderBy(l => l.Layer)], output);

    private GraphValue Value(string role, Dimension d0, Dimension? d1 = null, Dimension? d2 = null)
        => new($"{Section}/{role}{_next++}", TensorType.F32, new SymbolicShape(d0, d1, d2));

    private GraphValue Like(string role, GraphValue other) => new($"{Section}/{role}{_next++}", TensorType.F32, other.Shape);

    private GraphValue Emit(Operation operation, GraphValue output)
    {
        Emit(operation);
        return output;
    }

    private void Emit(Operation operation)
    {
        foreach (var value in operation.Reads)
            if (value.IsWeight && _seen.Add(value)) _weights.Add(value);
        _nodes.Add(new GraphNode(operation, Section));
    }

    private static void RequireVector(GraphValue? vector, Dimension length)
        => Require(vector is null || (vector.Type == TensorType.F32 && vector.Shape.D0 == length), $"{vector} should be F32 [{length}]");

    private static void Require(bool condition, string message)
    {
        if (!condition) throw new GraphException(message);
    }
}
