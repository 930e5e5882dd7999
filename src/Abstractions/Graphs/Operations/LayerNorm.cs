namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary>Over the innermost dimension: y = (x − mean(x)) / √(var(x) + ε) · w + b. <c>x[d, …], w[d]?, b[d]? → [d, …]</c>.</summary>
/// <param name="Input">F32.</param>
/// <param name="Weight">F32 weight, or null for 1.</param>
/// <param name="Bias">F32 weight, or null for 0.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="Output">F32.</param>
public sealed record LayerNorm(GraphValue Input, GraphValue? Weight, GraphValue? Bias, float Epsilon, GraphValue Output) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Reads => List(Input, Weight, Bias);
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Writes => [Output];
}
