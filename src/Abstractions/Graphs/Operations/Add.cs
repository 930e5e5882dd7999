namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary>Element-wise sum. The second operand has the shape of the first, or 1 in outer dimensions, and is then repeated.</summary>
/// <param name="Left">F32.</param>
/// <param name="Right">F32, a value or a weight.</param>
/// <param name="Output">F32, the shape of <paramref name="Left"/>.</param>
public sealed record Add(GraphValue Left, GraphValue Right, GraphValue Output) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Reads => [Left, Right];
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Writes => [Output];
}
