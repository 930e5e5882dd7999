using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Tensors;
using Hotplug.Inference.Gguf;
using Hotplug.Runtime.Graphs;
using Hotplug.Runtime.Placement;

namespace Hotplug.Inference.Architectures;

/// <summary>Finds the tensors of a file for a graph, each once, with its shape checked. Not thread-safe.</summary>
internal sealed class TensorDirectory(GgufFile file)
{
    private readonly Dictionary<string, GraphValue> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<GraphValue, WeightLocation> _locations = new(ReferenceEqualityComparer.Instance);

    public IReadOnlyDictionary<GraphValue, WeightLocation> Locations => _locations;

    /// <summary>A tensor that must be there, of the given shape.</summary>
    public GraphValue Require(string name, long d0, long d1 = 1)
        => Find(name, d0, d1) ?? throw Missing(name, "the architecture needs it");

    /// <summary>A tensor that must be there, of any matrix shape.</summary>
    public TensorSpec RequireSpec(string name)
        => file.TryFindTensor(name, out var tensor) ? tensor.Spec : throw Missing(name, "the architecture needs it");

    /// <summary>A tensor that may be there; of the given shape, if it is.</summary>
    public GraphValue? Find(string name, long d0, long d1 = 1)
    {
        if (_values.TryGetValue(name, out var known)) return known;
        if (!file.TryFindTensor(name, out var tensor)) return null;
        var expected = new TensorShape(d0, d1);
        if (tensor.Spec.Shape != expected)
            throw Invalid(tensor, $"the shape is {tensor.Spec.Shape}, and the metadata asks for {expected}");
        if (expected.Rank == 1 && d1 == 1 && tensor.Spec.Type != TensorType.F32)
            throw Invalid(tensor, $"the type is {tensor.Spec.Type}; norms, biases and factors are F32");
        var value = GraphBuilder.Weight(tensor.Spec);
        _values[name] = value;
        _locations[value] = new(tensor.File, tensor.FileOffset);
        return value;
    }

    private GgufException Missing(string name, string why)
        => new(file.Paths[0], 0, name, $"the tensor is missing; {why}", "get the model again: the file is incomplete or of another architecture than it says");

    private GgufException Invalid(GgufTensor tensor, string problem)
        => new(file.Paths[tensor.File], tensor.FileOffset, tensor.Spec.Name, problem, "get the model again, or convert it anew");
}
