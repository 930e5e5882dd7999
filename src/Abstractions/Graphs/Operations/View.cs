namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary>
/// Another shape of the same dense elements, or a run of rows: the output is the elements of the input from row <paramref name="FirstRow"/> on, in order.
/// Row length may change only if <paramref name="FirstRow"/> is 0. Never strided; a backend need not move anything.
/// </summary>
/// <param name="Input">F32 or I32.</param>
/// <param name="FirstRow">First row of the input.</param>
/// <param name="Output">Same type.</param>
public sealed record View(GraphValue Input, long FirstRow, GraphValue Output) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Reads => [Input];
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Writes => [Output];
}
