namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary><c>W[k, m, e], b[m, e]?, x[k, u or 1, n], ids[u, n] → y[m, u, n]</c>: per token the products with its chosen experts.</summary>
/// <param name="Weight">Matrices of any type, one per expert.</param>
/// <param name="Bias">F32 weight, or null.</param>
/// <param name="Input">F32; with a second extent of 1 every chosen expert gets the same row.</param>
/// <param name="Ids">I32.</param>
/// <param name="Output">F32.</param>
public sealed record MatMulExperts(GraphValue Weight, GraphValue? Bias, GraphValue Input, GraphValue Ids, GraphValue Output) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Reads => List(Weight, Bias, Input, Ids);
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Writes => [Output];
}
