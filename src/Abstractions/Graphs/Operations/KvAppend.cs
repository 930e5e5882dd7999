namespace Hotplug.Abstractions.Graphs.Operations;

/// <summary>
/// Stores <c>k[h, heads, n], v[h', heads, n]</c> in the cache: row r of a sequence goes to cell CachedLength + r of its page list, converted to the
/// cache's K and V types.
/// </summary>
/// <param name="Key">F32.</param>
/// <param name="Value">F32.</param>
/// <param name="Layer">Layer of the cache.</param>
public sealed record KvAppend(GraphValue Key, GraphValue Value, int Layer) : Operation
{
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Reads => [Key, Value];
    /// <inheritdoc/>
    public override IReadOnlyList<GraphValue> Writes => [];
    /// <inheritdoc/>
    public override int? KvLayer => Layer;
}
