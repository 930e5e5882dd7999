namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary>Picks rows: <c>Table[d, v] → Output[d, n or o]</c> in F32, dequantised. Row numbers lie within the table; the host has checked them.</summary>
/// <param name="Table">A weight of any type, or an F32 value of the graph.</param>
/// <param name="Source">Where the row numbers come from.</param>
/// <param name="Output">The rows, F32.</param>
public sealed record GetRows(GraphValue Table, RowSource Source, GraphValue Output) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Reads => [Table];
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Writes => [Output];
}
