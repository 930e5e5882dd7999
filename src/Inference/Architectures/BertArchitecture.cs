using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Architectures;

/// <summary>
/// BERT and Nomic's BERT, which make a vector of a text: attention to the whole text, norms behind attention and feed-forward layer. BERT has learned positions and a
/// plain feed-forward layer, Nomic's rotary positions and a gated one.
/// </summary>
internal sealed class BertArchitecture(string name, bool isNomic) : IArchitecture
{
    // Keeps a vector of zeros from being divided by zero.
    private const float SmallestLength = 1e-12f;

    public string Name => name;

    public ModelDescription Describe(ModelInput input)
    {
        var model = new ModelWriter(input, Name, NormKind.Layer);
        var graph = model.Graph;
        var attention = new SelfAttention
        {
            Rope = isNomic ? RopeMetadata.Read(model, RopeStyle.Halves) : null,
            WholeText = true,
            Parameters = model.Attention() with { Causal = model.Keys.Flag("attention.causal", false) },
        };
        var x = AddTokenType(model, model.Embed());
        if (!isNomic) x = model.AddPositions(x);
        x = model.Norm("token_embd_norm", x);
        foreach (var block in model.Blocks())
        {
            x = block.Norm("attn_output_norm", graph.Add(x, block.Attend(x, attention)));
            var transformed = isNomic ? block.Gated(x, Activation.Silu) : block.Plain(x, Activation.GeluTanh);
            x = block.Norm("layer_output_norm", graph.Add(x, transformed));
        }
        return model.Finish(graph.Normalize(graph.Pool(x, Pooling(model.Keys)), SmallestLength), ModelPurpose.Embedding, isNomic ? null : model.Dimensions.Context);
    }

    /// <summary>Every token is of the first sentence.</summary>
    private static GraphValue AddTokenType(ModelWriter model, GraphValue x)
    {
        const string Tensor = "token_types.weight";
        if (!model.Tensors.Contains(Tensor)) return x;
        var spec = model.Tensors.RequireSpec(Tensor);
        if (spec.Type != TensorType.F32) throw model.Keys.Metadata.Invalid(Tensor, $"the type is {spec.Type}; it has to be F32", "convert the model anew");
        var types = new TensorShape(model.Dimensions.Width, spec.Shape.D1);
        return model.Graph.Add(x, model.Tensors.RequireRows(Tensor, "first", types, 0, 1));
    }

    private static Pooling Pooling(ArchitectureKeys keys) => keys.Count("pooling_type", 1, 0, int.MaxValue) switch
    {
        1 => Abstractions.Graphs.Operations.Pooling.Mean,
        2 => Abstractions.Graphs.Operations.Pooling.First,
        3 => Abstractions.Graphs.Operations.Pooling.Last,
        0 => throw keys.Invalid("pooling_type", "the model makes a vector per token and none of a text", "use a model with mean, first or last pooling"),
        4 => throw keys.Invalid("pooling_type", "models that rank texts are not supported", "use a model with mean, first or last pooling"),
        var other => throw keys.Invalid("pooling_type", $"pooling {other} is not known", "use a model with mean, first or last pooling"),
    };
}
