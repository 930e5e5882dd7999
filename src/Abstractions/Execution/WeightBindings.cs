using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Abstractions.Execution;

/// <summary>Where the weights of a slice lie. Made by the host; immutable.</summary>
public sealed class WeightBindings
{
    private readonly IReadOnlyDictionary<GraphValue, TensorRef> _places;

    /// <summary>Creates bindings from a map of weights to their places.</summary>
    public WeightBindings(IReadOnlyDictionary<GraphValue, TensorRef> places) => _places = places;

    /// <summary>The place of a weight.</summary>
    /// <exception cref="KeyNotFoundException">The value is not a weight of the slice.</exception>
    public TensorRef this[GraphValue weight] => _places.TryGetValue(weight, out var place)
        ? place
        : throw new KeyNotFoundException($"No place is bound for weight {weight}.");
}
