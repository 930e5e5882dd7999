namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary>Softmax over the innermost dimension.</summary>
/// <param name="Input">F32.</param>
/// <param name="Output">F32, the shape of the input.</param>
public sealed record Softmax(GraphValue Input, GraphValue Output) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Reads => [Input];
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Writes => [Output];
}
