using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Runtime.Graphs;

/// <content>Mixtures of experts.</content>
public sealed partial class GraphBuilder
{
    /// <summary>Chooses experts per token: <c>logits[e, n] → ids[u, n], weights[u, n]</c>; see <see cref="Abstractions.Graphs.Operations.RouteTopK"/>.</summary>
    public (GraphValue Ids, GraphValue Weights) RouteTopK(GraphValue logits, GraphValue? bias, int used, bool sigmoid, bool renormalize, float scale)
    {
        var experts = logits.Shape.D0.Constant;
        Require(used > 0 && used <= experts, $"{used} experts cannot be chosen of the {experts} of {logits}");
        RequireVector(bias, experts);
        var ids = new GraphValue($"{Section}/experts{_next++}", TensorType.I32, new SymbolicShape(used, logits.Shape.D1));
        var weights = Value("shares", used, logits.Shape.D1);
        Emit(new RouteTopK(logits, bias, sigmoid, renormalize, scale, ids, weights));
        return (ids, weights);
    }

    /// <summary>Products with the chosen experts: <c>w[k, m, e], b[m, e]?, x[k, n] or [k, u, n], ids[u, n] → [m, u, n]</c>.</summary>
    public GraphValue MatMulExperts(GraphValue weight, GraphValue? bias, GraphValue input, GraphValue ids)
    {
        Require(weight.Shape.D0 == input.Shape.D0, $"{weight} cannot be multiplied with {input}: the row lengths differ");
        Require(bias is null || (bias.Type == TensorType.F32 && bias.Shape.D0 == weight.Shape.D1 && bias.Shape.D1 == weight.Shape.D2), $"{bias} is no bias for {weight}");
        if (input.Shape.D2 == (Dimension)1) input = SharedByExperts(input);
        Require(input.Shape.D1 == (Dimension)1 || input.Shape.D1 == ids.Shape.D0, $"{input} has rows for other than the experts of {ids}");
        var output = Value("product", weight.Shape.D1, ids.Shape.D0, ids.Shape.D1);
        return Emit(new MatMulExperts(weight, bias, input, ids, output), output);
    }

    /// <summary>One row per token that all chosen experts get: <c>[k, n] → [k, 1, n]</c>.</summary>
    public GraphValue SharedByExperts(GraphValue input)
    {
        var output = Value("shared", input.Shape.D0, 1, input.Shape.D1);
        return Emit(new View(input, 0, output), output);
    }

    /// <summary>Weighted sum over the chosen experts: <c>y[m, u, n], w[u, n] → [m, n]</c>.</summary>
    public GraphValue CombineExperts(GraphValue input, GraphValue weights)
    {
        Require(input.Shape.D1 == weights.Shape.D0, $"{input} and {weights} are of different numbers of experts");
        var output = Value("combined", input.Shape.D0, input.Shape.D2);
        return Emit(new CombineExperts(input, weights, output), output);
    }
}
