namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary>Applies an activation function to every element.</summary>
/// <param name="Input">F32.</param>
/// <param name="Function">The function.</param>
/// <param name="Output">F32, the shape of the input.</param>
public sealed record Activate(GraphValue Input, Activation Function, GraphValue Output) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Reads => [Input];
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Writes => [Output];
}
