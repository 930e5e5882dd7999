using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Reference.Execution;

namespace Hotplug.Reference.Operations;

/// <summary>
/// Probabilities by softmax or sigmoid; the highest after adding the bias, ties to the lower id, in descending order; weights are the
/// probabilities themselves, renormalised if asked, scaled.
/// </summary>
internal static class ReferenceRouteTopK
{
    public static void Run(RouteTopK operation, OperationContext context)
    {
        var logits = context.Operand(operation.Logits);
        var ids = context.Value(operation.Ids);
        var weights = context.Value(operation.Weights);
        var bias = context.Vector(operation.Bias, 1);
        var experts = (int)logits.Shape.D0;
        for (var t = 0L; t < logits.Shape.RowCount; t++)
        {
            var probabilities = context.Scratch(2, experts);
            logits.Row(t, context.Scratch(0, experts)).CopyTo(probabilities);
            if (operation.Sigmoid)
                foreach (ref var p in probabilities) p = Activations.Sigmoid(p);
            else
                ReferenceSoftmax.InPlace(probabilities);
            Choose(operation, probabilities, bias, context.Scratch(3, experts), ids.Row(t), weights.Row(t));
        }
    }

    private static void Choose(RouteTopK operation, ReadOnlySpan<double> probabilities, ReadOnlySpan<double> bias, Span<double> scores,
        Span<double> ids, Span<double> weights)
    {
        for (var e = 0; e < scores.Length; e++) scores[e] = probabilities[e] + (bias.IsEmpty ? 0 : bias[e]);
        var sum = 0.0;
        for (var u = 0; u < ids.Length; u++)
        {
            var best = -1;
            for (var e = 0; e < scores.Length; e++)
                if (!ids[..u].Contains(e) && (best < 0 || scores[e] > scores[best] || (double.IsNaN(scores[best]) && !double.IsNaN(scores[e])))) best = e;
            ids[u] = best;
            weights[u] = probabilities[best];
            sum += weights[u];
        }
        foreach (ref var weight in weights) weight = (operation.Renormalize ? weight / sum : weight) * operation.Scale;
    }
}
