using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Inference.Architectures;
using Hotplug.Inference.Gguf;
using Hotplug.Runtime.Graphs;
using Hotplug.Runtime.Placement;

namespace Hotplug.Inference.Adapters;

/// <summary>
/// Writes adapters beside the matrices of a model: <c>y + s·B·(A·x)</c>, in the section of the matrix. Every matrix of every adapter must find its place; whoever finishes the model asks for that.
/// Source of the method: Hu et al., LoRA, arXiv:2106.09685. Not thread-safe.
/// </summary>
internal sealed class AdapterDirectory
{
    private readonly GgufFile _model;
    private readonly GraphBuilder _graph;
    private readonly TensorDirectory _tensors;
    private readonly List<(LoraAdapter Adapter, int FirstFile, string Suffix)> _adapters = [];
    private readonly HashSet<(LoraAdapter, string)> _used = [];
    private readonly Dictionary<string, GraphValue> _values = new(StringComparer.Ordinal);
    // Queries, keys and values of one matrix share what leads to the rank.
    private readonly Dictionary<(GraphValue A, GraphValue X), GraphValue> _lowered = [];

    public AdapterDirectory(ModelInput input, GraphBuilder graph, TensorDirectory tensors)
    {
        (_model, _graph, _tensors) = (input.File, graph, tensors);
        var architecture = input.File.Metadata.GetString("general.architecture");
        var file = input.File.Paths.Count;
        foreach (var adapter in input.Adapters)
        {
            var metadata = adapter.File.Metadata;
            var other = metadata.GetString("general.architecture");
            if (other != architecture)
                throw metadata.Invalid("general.architecture", $"the adapter is for models of the architecture '{other}', and {Path.GetFileName(input.File.Paths[0])} is of '{architecture}'", "use an adapter that was made for this model");
            _adapters.Add((adapter, file, _adapters.Count == 0 ? "" : $"#{_adapters.Count + 1}"));
            file += adapter.File.Paths.Count;
        }
    }

    /// <summary>Adds to a product with a matrix, or with some of its rows.</summary>
    /// <param name="name">The matrix.</param>
    /// <param name="whole">Its shape.</param>
    /// <param name="x">What it was multiplied with.</param>
    /// <param name="product">The product.</param>
    /// <param name="first">First of the rows, if it was some of them.</param>
    /// <param name="part">What the rows are, for names; null for all.</param>
    public GraphValue Add(string name, TensorShape whole, GraphValue x, GraphValue product, long first = 0, string? part = null)
    {
        foreach (var (adapter, file, suffix) in _adapters)
        {
            if (Find(adapter, name) is not { } pair) continue;
            var (rank, scale) = Checked(adapter, pair, whole.D0, whole.D1, 1);
            if (scale == 0) continue;
            var lowered = Lowered(Weight(pair.A, file, suffix), x, scale);
            var rows = part is null ? whole.D1 : product.Shape.D0.Constant;
            var b = Weight(pair.B, file, part is null ? suffix : $":{part}{suffix}", first * pair.B.Spec.RowBytes, new TensorShape(rank, rows));
            product = _graph.Add(product, _graph.MatMul(b, lowered));
        }
        return product;
    }

    /// <summary>Adds to products with the chosen experts' matrices.</summary>
    public GraphValue AddExperts(string name, TensorShape whole, GraphValue x, GraphValue ids, GraphValue product)
    {
        foreach (var (adapter, file, suffix) in _adapters)
        {
            if (Find(adapter, name) is not { } pair) continue;
            var (_, scale) = Checked(adapter, pair, whole.D0, whole.D1, whole.D2);
            if (scale == 0) continue;
            var a = Weight(pair.A, file, suffix);
            if (!_lowered.TryGetValue((a, x), out var lowered)) _lowered[(a, x)] = lowered = Scaled(_graph.MatMulExperts(a, null, x, ids), scale);
            product = _graph.Add(product, _graph.MatMulExperts(Weight(pair.B, file, suffix), null, lowered, ids));
        }
        return product;
    }

    /// <summary>Adds to the rows of the step's tokens in the embedding.</summary>
    public GraphValue AddEmbedding(string name, TensorShape whole, GraphValue rows)
    {
        foreach (var (adapter, file, suffix) in _adapters)
        {
            if (Find(adapter, name) is not { } pair) continue;
            // Here A has a row per token, and the product of both is the other way round.
            var rank = pair.A.Spec.Shape.D0;
            Require(adapter, pair.A, new TensorShape(rank, whole.D1));
            Require(adapter, pair.B, new TensorShape(rank, whole.D0));
            var scale = Scale(adapter, pair, rank);
            if (scale == 0) continue;
            var lowered = Scaled(_graph.GetRows(Weight(pair.A, file, suffix), RowSource.TokenIds), scale);
            rows = _graph.Add(rows, _graph.MatMul(Weight(pair.B, file, suffix), lowered));
        }
        return rows;
    }

    /// <summary>Refuses adapters of an embedding that is the output matrix as well: as a product they would have to be transposed.</summary>
    public void RefuseTied(string name)
    {
        foreach (var (adapter, _, _) in _adapters)
            if (adapter.Pairs.TryGetValue(name, out var pair))
                throw LoraAdapter.Invalid(adapter.File, pair.A, "the embedding of this model is its output matrix as well, and an adapter of both is not supported", "use an adapter that leaves the embedding alone");
    }

    /// <summary>Refuses adapters of which a matrix found no place.</summary>
    public void RequireAllUsed()
    {
        foreach (var (adapter, _, _) in _adapters)
            foreach (var (name, pair) in adapter.Pairs)
                if (!_used.Contains((adapter, name)))
                    throw LoraAdapter.Invalid(adapter.File, pair.A, _model.TryFindTensor(name, out _)
                        ? $"nothing is multiplied with {name} in this architecture, so that an adapter cannot change it" : $"the model has no tensor {name}", "use an adapter that was made for this model");
    }

    private LoraPair? Find(LoraAdapter adapter, string name)
    {
        if (!adapter.Pairs.TryGetValue(name, out var pair)) return null;
        _used.Add((adapter, name));
        return pair;
    }

    private static (long Rank, float Scale) Checked(LoraAdapter adapter, LoraPair pair, long from, long to, long experts)
    {
        var rank = pair.A.Spec.Shape.D1;
        Require(adapter, pair.A, new TensorShape(from, rank, experts));
        Require(adapter, pair.B, new TensorShape(rank, to, experts));
        return (rank, Scale(adapter, pair, rank));
    }

    private static float Scale(LoraAdapter adapter, LoraPair pair, long rank)
    {
        if (rank == 0) throw LoraAdapter.Invalid(adapter.File, pair.A, "its rank is 0", "get the adapter again");
        return float.IsFinite(adapter.Scale(rank)) ? adapter.Scale(rank)
            : throw LoraAdapter.Invalid(adapter.File, pair.A, $"alpha {adapter.Alpha} by rank {rank} times {adapter.Multiplier} is beyond all numbers", "give a smaller multiplier");
    }

    private static void Require(LoraAdapter adapter, GgufTensor tensor, TensorShape expected)
    {
        var spec = tensor.Spec;
        if (spec.Shape != expected) throw LoraAdapter.Invalid(adapter.File, tensor, $"the shape is {spec.Shape}, and the model asks for {expected}", "use an adapter that was made for this model");
        if (!TensorDirectory.IsWeightType(spec.Type)) throw LoraAdapter.Invalid(adapter.File, tensor, $"weights of type {spec.Type} are not supported", "convert the adapter anew, as F16");
    }

    private GraphValue Lowered(GraphValue a, GraphValue x, float scale)
    {
        if (!_lowered.TryGetValue((a, x), out var lowered)) _lowered[(a, x)] = lowered = Scaled(_graph.MatMul(a, x), scale);
        return lowered;
    }

    private GraphValue Scaled(GraphValue x, float scale) => scale == 1 ? x : _graph.Scale(x, scale);

    private GraphValue Weight(GgufTensor tensor, int firstFile, string suffix, long offset = 0, TensorShape? shape = null)
    {
        var name = tensor.Spec.Name + suffix;
        if (_values.TryGetValue(name, out var known)) return known;
        var value = GraphBuilder.Weight(tensor.Spec with { Name = name, Shape = shape ?? tensor.Spec.Shape });
        _tensors.Add(value, new WeightLocation(firstFile + tensor.File, tensor.FileOffset + offset));
        return _values[name] = value;
    }
}
