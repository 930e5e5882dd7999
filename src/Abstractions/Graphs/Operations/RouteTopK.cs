namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary>
/// Chooses experts: <c>logits[e, n] → ids[u, n] (I32), weights[u, n]</c>. Probabilities by softmax or sigmoid; the <c>u</c> highest after adding the
/// bias, ties to the lower id, in descending order; the weights are the probabilities without the bias, renormalised to sum 1 if asked, then scaled.
/// </summary>
/// <param name="Logits">F32.</param>
/// <param name="Bias">F32 weight of <c>e</c> that takes part in the choice only, or null.</param>
/// <param name="Sigmoid">Sigmoid of each logit instead of softmax over them.</param>
/// <param name="Renormalize">Divide the chosen weights by their sum.</param>
/// <param name="Scale">Factor on the weights.</param>
/// <param name="Ids">Chosen experts, I32.</param>
/// <param name="Weights">Their weights, F32.</param>
public sealed record RouteTopK(GraphValue Logits, GraphValue? Bias, bool Sigmoid, bool Renormalize, float Scale, GraphValue Ids, GraphValue Weights) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Reads => List(Logits, Bias);
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Writes => [Ids, Weights];
}
