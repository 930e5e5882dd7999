namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary>y = Cap · tanh(x / Cap).</summary>
/// <param name="Input">F32.</param>
/// <param name="Cap">The cap, above 0.</param>
/// <param name="Output">F32, the shape of the input.</param>
public sealed record SoftCap(GraphValue Input, float Cap, GraphValue Output) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Reads => [Input];
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Writes => [Output];
}
