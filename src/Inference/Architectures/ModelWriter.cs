using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Inference.Adapters;
using Hotplug.Runtime.Graphs;

namespace Hotplug.Inference.Architectures;

/// <summary>
/// What all architectures write the same way: embedding, norms, blocks one after the other, logits. An architecture makes one, writes what is its own with
/// <see cref="BlockWriter"/>s and the graph, and finishes it. Not thread-safe.
/// </summary>
internal sealed class ModelWriter
{
    private const string Embedding = "token_embd.weight";

    private readonly string _architecture;
    private readonly NormKind _norm;
    private readonly float _epsilon;
    private readonly GraphValue _embedding;
    private readonly int _context;
    private bool _usesContext;

    /// <summary>Begins a model.</summary>
    /// <param name="input">The file, and what it is loaded with.</param>
    /// <param name="architecture">The architecture's name, which is also the prefix of its keys.</param>
    /// <param name="norm">The norm it uses.</param>
    public ModelWriter(ModelInput input, string architecture, NormKind norm)
    {
        (_architecture, _norm) = (architecture, norm);
        Keys = new(input.File.Metadata, architecture);
        Tensors = new(input.File);
        Adapters = new(input, Graph, Tensors);
        Dimensions = ModelDimensions.Read(Keys);
        _context = input.Context ?? Dimensions.Context;
        _epsilon = Keys.Number(norm == NormKind.Rms ? "attention.layer_norm_rms_epsilon" : "attention.layer_norm_epsilon", null, 0f, 1f);
        Vocabulary = checked((int)Tensors.RequireSpec(Embedding).Shape.D1);
        _embedding = Tensors.Require(Embedding, Dimensions.Width, Vocabulary);
    }

    public ArchitectureKeys Keys { get; }

    public TensorDirectory Tensors { get; }

    public GraphBuilder Graph { get; } = new();

    public AdapterDirectory Adapters { get; }

    public ModelDimensions Dimensions { get; }

    /// <summary>Tokens the model will be loaded for. Asking makes the description one for this context.</summary>
    public int Context
    {
        get
        {
            _usesContext = true;
            return _context;
        }
    }

    /// <summary>Rows of the embedding.</summary>
    public int Vocabulary { get; }

    /// <summary>Scale and masks of attention; a file may say that a token sees those behind it as well.</summary>
    /// <param name="scale">Factor on scores; null for the usual one.</param>
    /// <param name="window">Tokens to look back on; 0 for all.</param>
    /// <param name="softCap">Cap of scores; 0 for none.</param>
    public AttentionParameters Attention(float? scale = null, int window = 0, float softCap = 0)
        => new() { Scale = scale ?? Dimensions.UsualScale, Causal = Keys.Flag("attention.causal", true), Window = window, SoftCap = softCap };

    /// <summary>The rows of the step's tokens.</summary>
    public GraphValue Embed() => Adapters.AddEmbedding(Embedding, new TensorShape(Dimensions.Width, Vocabulary), Graph.GetRows(_embedding, RowSource.TokenIds));

    /// <summary>Adds the rows of the step's positions, of which there are as many as the model was trained with.</summary>
    public GraphValue AddPositions(GraphValue x) => Graph.Add(x, Graph.GetRows(Tensors.Require("position_embd.weight", Dimensions.Width, Dimensions.Context), RowSource.Positions));

    /// <summary>The norm of this name.</summary>
    public GraphValue Norm(string name, GraphValue x)
    {
        var width = x.Shape.D0.Constant;
        var weight = Tensors.Require($"{name}.weight", width);
        return _norm == NormKind.Rms ? Graph.RmsNorm(x, weight, _epsilon) : Graph.LayerNorm(x, weight, Tensors.Find($"{name}.bias", width), _epsilon);
    }

    /// <summary>Product with the matrix of this name, and its bias if there is one.</summary>
    public GraphValue Project(string name, GraphValue x, long rows)
        => Multiply($"{name}.weight", Tensors.Require($"{name}.weight", x.Shape.D0.Constant, rows), x, Tensors.Find($"{name}.bias", rows));

    /// <summary>The blocks in order; what is written while one is current belongs to it, and what is written behind them to the output.</summary>
    public IEnumerable<BlockWriter> Blocks()
    {
        for (var i = 0; i < Dimensions.Blocks; i++)
        {
            Graph.Section = GraphSection.OfBlock(i);
            yield return new BlockWriter(this, i);
        }
        Graph.Section = GraphSection.Output;
    }

    /// <summary>Final norm and product with the output matrix; without one, with the embedding.</summary>
    public GraphValue Logits(GraphValue x)
    {
        const string Output = "output.weight";
        var (normed, bias) = (Norm("output_norm", x), Tensors.Find("output.bias", Vocabulary));
        if (Tensors.Find(Output, Dimensions.Width, Vocabulary) is { } output) return Multiply(Output, output, normed, bias);
        Adapters.RefuseTied(Embedding);
        return Graph.MatMul(_embedding, normed, bias);
    }

    private GraphValue Multiply(string name, GraphValue weight, GraphValue x, GraphValue? bias)
        => Adapters.Add(name, new TensorShape(weight.Shape.D0.Constant, weight.Shape.D1.Constant), x, Graph.MatMul(weight, x, bias));

    /// <summary>Finishes the model.</summary>
    /// <param name="output">Logits <c>[v, o]</c>, or for embeddings a row per sequence.</param>
    /// <param name="purpose">What the output is for.</param>
    /// <param name="longestContext">Positions it has at most, or null.</param>
    public ModelDescription Finish(GraphValue output, ModelPurpose purpose = ModelPurpose.Text, int? longestContext = null)
    {
        Adapters.RequireAllUsed();
        return new()
        {
            Architecture = _architecture,
            Purpose = purpose,
            Graph = Graph.Build(output),
            Weights = Tensors.Locations,
            TrainedContext = Dimensions.Context,
            LongestContext = longestContext,
            DependsOnContext = _usesContext,
            EmbeddingLength = Dimensions.Width,
            BlockCount = Dimensions.Blocks,
            VocabularySize = Vocabulary,
        };
    }
}
