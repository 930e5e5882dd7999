using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Inference.Architectures;

/// <summary>Granite: llama's blocks with factors on embeddings, residuals, scores and logits; dense, or with experts and perhaps a layer that all tokens share.</summary>
internal sealed class GraniteArchitecture(string name) : IArchitecture
{
    public string Name => name;

    public ModelDescription Describe(ModelInput input)
    {
        var model = new ModelWriter(input, Name, NormKind.Rms);
        var (keys, graph) = (model.Keys, model.Graph);
        var attention = new SelfAttention
        {
            // The key says elsewhere how a scaling came to be; here it turns rotation off.
            Rope = keys.Flag("rope.scaling.finetuned", true) ? RopeMetadata.Read(model, RopeStyle.Adjacent, factors: true) : null,
            Parameters = model.Attention(Factor("attention.scale") is not 0 and var scale ? scale : null),
        };
        var residual = Factor("residual_scale") is not 0 and var factor ? factor : 1;
        var experts = ExpertMixture.Read(model, _ => model.Dimensions.FeedForward[0]);
        var shared = keys.Count("expert_shared_feed_forward_length", 0, 0, 1 << 24);
        var x = model.Embed();
        if (Factor("embedding_scale") is not 0 and var embedding) x = graph.Scale(x, embedding);
        foreach (var block in model.Blocks()) x = block.PreNorm(x, attention, y => FeedForward(block, y), scale: residual);
        var logitScale = keys.Number("logit_scale", null);
        if (logitScale == 0) throw keys.Invalid("logit_scale", "logits cannot be divided by 0", "convert the model anew");
        return model.Finish(graph.Scale(model.Logits(x), 1 / logitScale));

        float Factor(string key) => keys.Number(key, 0f);

        GraphValue FeedForward(BlockWriter block, GraphValue y)
        {
            if (experts is null) return block.Gated(y, Activation.Silu);
            var chosen = block.Experts(y, experts);
            return shared == 0 ? chosen : graph.Add(chosen, block.Gated(y, Activation.Silu, shared, "_shexp"));
        }
    }
}
