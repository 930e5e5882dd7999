namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary>y = x / max(√Σx², Epsilon) over the innermost dimension.</summary>
/// <param name="Input">F32.</param>
/// <param name="Epsilon">Smallest divisor.</param>
/// <param name="Output">F32, the shape of the input.</param>
public sealed record Normalize(GraphValue Input, float Epsilon, GraphValue Output) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Reads => [Input];
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Writes => [Output];
}
