using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Generation.Saving;

/// <summary>What one layer of a saved cache holds per token.</summary>
/// <param name="Layer">Number of the layer.</param>
/// <param name="Heads">KV heads.</param>
/// <param name="KeyWidth">Elements of a key per head.</param>
/// <param name="ValueWidth">Elements of a value per head.</param>
/// <param name="KeyType">Element type of the keys.</param>
/// <param name="ValueType">Element type of the values.</param>
/// <param name="FirstCell">The first cell there is: a layer that looks back on a window may have no more.</param>
public sealed record SavedCacheLayer(int Layer, int Heads, int KeyWidth, int ValueWidth, TensorType KeyType, TensorType ValueType, int FirstCell = 0);
