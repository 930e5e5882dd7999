namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary>Over the innermost dimension: y = x / √(mean(x²) + ε) · w. <c>x[d, …], w[d]? → [d, …]</c>.</summary>
/// <param name="Input">F32.</param>
/// <param name="Weight">F32 weight, or null for 1.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="Output">F32.</param>
public sealed record RmsNorm(GraphValue Input, GraphValue? Weight, float Epsilon, GraphValue Output) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Reads => List(Input, Weight);
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Writes => [Output];
}
