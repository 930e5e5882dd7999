namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary>y = Factor · x.</summary>
/// <param name="Input">F32.</param>
/// <param name="Factor">The factor.</param>
/// <param name="Output">F32, the shape of the input.</param>
public sealed record Scale(GraphValue Input, float Factor, GraphValue Output) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Reads => [Input];
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Writes => [Output];
}
