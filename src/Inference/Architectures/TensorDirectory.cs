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

    /// <summary>Takes in a weight that stands elsewhere.</summary>
    public void Add(GraphValue value, WeightLocation location) => _locations.Add(value, location);

    public bool Contains(string name) => file.TryFindTensor(name, out _);

    /// <summary>A tensor that must be there, of the given shape.</summary>
    public GraphValue Require(string name, long d0, long d1 = 1, long d2 = 1) => Find(name, d0, d1, d2) ?? throw Missing(name);

    /// <summary>A tensor that must be there, of any matrix shape.</summary>
    public TensorSpec RequireSpec(string name) => file.TryFindTensor(name, out var tensor) ? tensor.Spec : throw Missing(name);

    /// <summary>A tensor that may be there; of the given shape, if it is.</summary>
    public GraphValue? Find(string name, long d0, long d1 = 1, long d2 = 1)
        => file.TryFindTensor(name, out var tensor) ? Value(name, Checked(tensor, new TensorShape(d0, d1, d2)), 0, tensor.Spec.Shape) : null;

    /// <summary>Rows of a tensor that is several in one, as a weight of its own.</summary>
    /// <param name="name">The tensor, which must be there.</param>
    /// <param name="part">What the rows are, for names in plans and messages.</param>
    /// <param name="whole">The shape of the whole tensor: a matrix, or a vector whose elements then count as rows.</param>
    /// <param name="first">The first row.</param>
    /// <param name="rows">How many.</param>
    public GraphValue RequireRows(string name, string part, TensorShape whole, long first, long rows)
    {
        if (!file.TryFindTensor(name, out var tensor)) throw Missing(name);
        var isVector = whole.Rank == 1;
        var offset = isVector ? first * sizeof(float) : checked(first * tensor.Spec.RowBytes);
        return Value($"{name}:{part}", Checked(tensor, whole), offset, isVector ? new TensorShape(rows) : new TensorShape(whole.D0, rows));
    }

    private GraphValue Value(string name, GgufTensor tensor, long offset, TensorShape shape)
    {
        if (_values.TryGetValue(name, out var known)) return known;
        var value = GraphBuilder.Weight(tensor.Spec with { Name = name, Shape = shape });
        _values[name] = value;
        _locations[value] = new(tensor.File, tensor.FileOffset + offset);
        return value;
    }

    private GgufTensor Checked(GgufTensor tensor, TensorShape expected)
    {
        var (type, shape) = (tensor.Spec.Type, tensor.Spec.Shape);
        if (shape != expected) throw Invalid(tensor, $"the shape is {shape}, and the metadata asks for {expected}");
        if (expected.Rank == 1 && type != TensorType.F32) throw Invalid(tensor, $"the type is {type}; norms, biases and factors are F32");
        if (!IsWeightType(type)) throw Invalid(tensor, $"weights of type {type} are not supported");
        return tensor;
    }

    /// <summary>Whether there are weights of a type.</summary>
    // NVFP4 needs a tensor of scales beside each tensor; the others no published model has, or they are types of activations and of indices.
    internal static bool IsWeightType(TensorType type) => type is not (TensorType.NVFP4 or TensorType.Q1_0 or TensorType.Q2_0 or TensorType.Q8_1 or TensorType.Q8_K
        or TensorType.I8 or TensorType.I16 or TensorType.I32 or TensorType.I64 or TensorType.F64);

    private GgufException Missing(string name)
        => new(file.Paths[0], 0, name, "the tensor is missing; the architecture needs it", "get the model again: the file is incomplete or of another architecture than it says");

    private GgufException Invalid(GgufTensor tensor, string problem)
        => new(file.Paths[tensor.File], tensor.FileOffset, tensor.Spec.Name, problem, "get the model again, or convert it anew");
}
