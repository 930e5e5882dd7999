using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Architectures;

/// <content>Mixtures of experts.</content>
internal sealed partial class BlockWriter
{
    /// <summary>
    /// The experts that a token chose, weighted by their softmax among the chosen. Softmax over all and division by the sum of the chosen is the same as
    /// softmax over the logits of the chosen.
    /// </summary>
    public GraphValue Experts(GraphValue x, ExpertMixture mixture)
    {
        var (graph, width) = (model.Graph, model.Dimensions.Width);
        var logits = model.Project(Name("ffn_gate_inp"), x, mixture.Count);
        var (ids, weights) = graph.RouteTopK(logits, null, mixture.Used, sigmoid: false, renormalize: true, scale: 1);
        var shared = graph.SharedByExperts(x);
        var gated = graph.Gated(Product("ffn_gate_exps", shared, mixture.Hidden), Product("ffn_up_exps", shared, mixture.Hidden), mixture.Function, mixture.Alpha, mixture.Limit);
        return graph.CombineExperts(Product("ffn_down_exps", gated, width), weights);

        GraphValue Product(string name, GraphValue input, long rows)
        {
            var (weight, whole) = (Name($"{name}.weight"), new TensorShape(input.Shape.D0.Constant, rows, mixture.Count));
            var product = graph.MatMulExperts(model.Tensors.Require(weight, whole.D0, whole.D1, whole.D2), model.Tensors.Find(Name($"{name}.bias"), rows, mixture.Count), input, ids);
            return model.Adapters.AddExperts(weight, whole, input, ids, product);
        }
    }
}
