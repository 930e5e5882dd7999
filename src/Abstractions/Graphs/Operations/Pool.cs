namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary>Makes one row of each sequence's rows: <c>x[d, n] → [d, s]</c>.</summary>
/// <param name="Input">F32.</param>
/// <param name="Kind">How.</param>
/// <param name="Output">F32.</param>
public sealed record Pool(GraphValue Input, Pooling Kind, GraphValue Output) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Reads => [Input];
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Writes => [Output];
}
