namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary>
/// <c>W[k, m], x[k, n], b[m]? → y[m, n]</c>: y_j = Σ_i W_ij·x_i (+ b_j). A quantised or half-precision weight may be multiplied by
/// activations quantised inside, within the bound of its type; an F32 weight may not.
/// </summary>
/// <param name="Weight">Matrix of any type, rows of <c>k</c>.</param>
/// <param name="Input">F32.</param>
/// <param name="Bias">F32 weight of <c>m</c>, or null.</param>
/// <param name="Output">F32.</param>
public sealed record MatMul(GraphValue Weight, GraphValue Input, GraphValue? Bias, GraphValue Output) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Reads => List(Weight, Input, Bias);
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Writes => [Output];
}
