namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary>
/// Moves cached keys to other positions: for every sequence of the step, the keys of all cells 0 to CachedLength − 1 are rotated by
/// <c>PositionShift</c> of the sequence. The step has no tokens. Rounding is that of the cache's type.
/// </summary>
/// <param name="Factors">F32 weight as in <see cref="Rope"/>, or null.</param>
/// <param name="Parameters">The rotation the keys were stored with.</param>
/// <param name="Layer">Layer of the cache.</param>
public sealed record KvShift(GraphValue? Factors, RopeParameters Parameters, int Layer) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Reads => List(Factors);
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Writes => [];
    /// <inheritdoc/>
    public override int? KvLayer => Layer;
}
