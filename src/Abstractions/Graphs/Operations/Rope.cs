namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary>Rotates heads by their position: <c>x[h, heads, n], positions of the step, factors[w/2]? → [h, heads, n]</c>.</summary>
/// <param name="Input">F32.</param>
/// <param name="Factors">F32 weight dividing each frequency, or null for 1.</param>
/// <param name="Parameters">The rotation.</param>
/// <param name="Output">F32.</param>
public sealed record Rope(GraphValue Input, GraphValue? Factors, RopeParameters Parameters, GraphValue Output) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Reads => List(Input, Factors);
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Writes => [Output];
}
