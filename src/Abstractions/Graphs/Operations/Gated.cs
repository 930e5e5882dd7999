namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary>
/// <c>gate[f, n], up[f, n] → [f, n]</c>: act(g) · u. With <see cref="Limit"/> L above 0 (gpt-oss): g' = min(g, L), u' = clamp(u, −L, L) and the result is act(g') · (u' + 1).
/// </summary>
/// <param name="Gate">F32.</param>
/// <param name="Up">F32.</param>
/// <param name="Function">The activation of the gate.</param>
/// <param name="Output">F32.</param>
public sealed record Gated(GraphValue Gate, GraphValue Up, Activation Function, GraphValue Output) : Operation
{
    /// <summary>L, or 0 for no limit.</summary>
    public float Limit { get; init; }

    /// <summary>The factor of <see cref="Activation.SwishAlpha"/>.</summary>
    public float Alpha { get; init; } = 1f;

    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Reads => [Gate, Up];
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Writes => [Output];
}
