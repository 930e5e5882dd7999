namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary>
/// Attention over the KV cache: <c>q[h, H, n], cache, sinks[H]? → [h'·H, n]</c>. A row of a sequence sees the cells 0 to CachedLength + rows − 1 of its page list,
/// the step's own included (<see cref="KvAppend"/> of the same layer has run), cell c at position FirstPosition + c; filtered by causality and window.
/// A sink is one more score per head that takes weight but has no value. A row that sees nothing gives zeros.
/// </summary>
/// <param name="Query">F32.</param>
/// <param name="Sinks">F32 weight of <c>H</c>, or null.</param>
/// <param name="Layer">Layer of the cache.</param>
/// <param name="Parameters">Scale and masks.</param>
/// <param name="Output">F32.</param>
public sealed record Attention(GraphValue Query, GraphValue? Sinks, int Layer, AttentionParameters Parameters, GraphValue Output) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Reads => List(Query, Sinks);
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Writes => [Output];
    /// <inheritdoc/>
    public override int? KvLayer => Layer;
}
