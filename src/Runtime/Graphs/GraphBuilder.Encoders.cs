using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Runtime.Graphs;

/// <content>What models need that read a text as a whole.</content>
public sealed partial class GraphBuilder
{
    /// <summary>Norm by mean and variance over the innermost dimension.</summary>
    public GraphValue LayerNorm(GraphValue input, GraphValue? weight, GraphValue? bias, float epsilon)
    {
        RequireVector(weight, input.Shape.D0);
        RequireVector(bias, input.Shape.D0);
        var output = Like("norm", input);
        return Emit(new LayerNorm(input, weight, bias, epsilon, output), output);
    }

    /// <summary>Attention among the rows of the step, each sequence by itself: <c>q[h, H, n], k[h, heads, n], v[h', heads, n] → [h'·H, n]</c>.</summary>
    public GraphValue AttentionBatch(GraphValue query, GraphValue key, GraphValue value, AttentionParameters parameters)
    {
        var heads = query.Shape.D1.Constant;
        Require(query.Shape.D0 == key.Shape.D0 && key.Shape.D1 == value.Shape.D1 && heads % key.Shape.D1.Constant == 0, $"{query}, {key} and {value} do not fit together");
        var output = Value("attention", value.Shape.D0.Constant * heads, query.Shape.D2);
        return Emit(new AttentionBatch(query, key, value, parameters, output), output);
    }

    /// <summary>One row of each sequence's rows: <c>[d, n] → [d, s]</c>.</summary>
    public GraphValue Pool(GraphValue input, Pooling kind)
    {
        var output = Value("pooled", input.Shape.D0, Dimension.Sequences);
        return Emit(new Pool(input, kind, output), output);
    }

    /// <summary>Rows of length 1.</summary>
    public GraphValue Normalize(GraphValue input, float epsilon)
    {
        var output = Like("unit", input);
        return Emit(new Normalize(input, epsilon, output), output);
    }
}
