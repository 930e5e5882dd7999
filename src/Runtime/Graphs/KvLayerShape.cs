namespace Hotplug.Runtime.Graphs;

/// <summary>What one layer of a model keeps per token; element types are chosen at load.</summary>
/// <param name="Layer">Number of the layer.</param>
/// <param name="Heads">KV heads.</param>
/// <param name="KeyWidth">Elements of a key per head.</param>
/// <param name="ValueWidth">Elements of a value per head.</param>
public sealed record KvLayerShape(int Layer, int Heads, int KeyWidth, int ValueWidth)
{
    /// <summary>Tokens that its attention looks back on; 0 for all.</summary>
    public int Window { get; init; }
}
