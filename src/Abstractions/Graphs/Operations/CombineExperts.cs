namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary><c>y[m, u, n], w[u, n] → [m, n]</c>: Σ_u w·y.</summary>
/// <param name="Input">F32.</param>
/// <param name="Weights">F32.</param>
/// <param name="Output">F32.</param>
public sealed record CombineExperts(GraphValue Input, GraphValue Weights, GraphValue Output) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Reads => [Input, Weights];
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Writes => [Output];
}
