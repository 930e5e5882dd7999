namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary>Per row the largest element, ties to the lower index: <c>logits[v, o] → ids[o] (I32), values[o]</c>.</summary>
/// <param name="Input">F32.</param>
/// <param name="Ids">I32.</param>
/// <param name="Values">F32.</param>
public sealed record ArgMax(GraphValue Input, GraphValue Ids, GraphValue Values) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Reads => [Input];
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Writes => [Ids, Values];
}
