namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary>Converts element types among F32 and I32: to I32 by truncation. The output's type says to what.</summary>
/// <param name="Input">F32 or I32.</param>
/// <param name="Output">F32 or I32, the shape of the input.</param>
public sealed record Cast(GraphValue Input, GraphValue Output) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Reads => [Input];
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Writes => [Output];
}
