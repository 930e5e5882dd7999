namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary>
/// Attention among the step's own rows, without a cache: <c>q[h, H, n], k[h, heads, n], v[h', heads, n] → [h'·H, n]</c>. A row sees the rows of its own
/// sequence, filtered by causality and window.
/// </summary>
/// <param name="Query">F32.</param>
/// <param name="Key">F32.</param>
/// <param name="Value">F32.</param>
/// <param name="Parameters">Scale and masks.</param>
/// <param name="Output">F32.</param>
public sealed record AttentionBatch(GraphValue Query, GraphValue Key, GraphValue Value, AttentionParameters Parameters, GraphValue Output) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Reads => [Query, Key, Value];
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Writes => [Output];
}
