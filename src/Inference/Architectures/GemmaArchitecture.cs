using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Inference.Architectures;

/// <summary>
/// Gemma 2 and 3: embeddings scaled by √width, norms in front of and behind attention and feed-forward layer, and blocks that see a window only between blocks that see
/// everything. Gemma 2 caps scores and logits; Gemma 3 norms heads and rotates windowed blocks by another base.
/// </summary>
internal sealed class GemmaArchitecture(int version) : IArchitecture
{
    public string Name => $"gemma{version}";

    public ModelDescription Describe(ModelInput input)
    {
        var model = new ModelWriter(input, Name, NormKind.Rms);
        var (keys, graph, blocks) = (model.Keys, model.Graph, model.Dimensions.Blocks);
        var isSecond = version == 2;
        var rope = RopeMetadata.Read(model, RopeStyle.Halves);
        var localBase = keys.Number("rope.freq_base_swa", isSecond ? rope.Parameters.Base : 10000f, 1f, 1e12f);
        // Gemma 3 scales far looks only.
        var local = (isSecond ? rope : rope with { Parameters = rope.Parameters with { FrequencyScale = 1 } }).WithBase(localBase);
        var windows = isSecond ? SlidingWindow.Read(keys, blocks, usual: 4096, period: 2) : SlidingWindow.Read(keys, blocks, usual: 0, period: 6);
        var scoreCap = isSecond ? keys.Number("attn_logit_softcapping", 50f, 0f) : 0f;
        var logitCap = keys.Number("final_logit_softcapping", isSecond ? 30f : 0f, 0f);
        var x = graph.Scale(model.Embed(), MathF.Sqrt(model.Dimensions.Width));
        foreach (var block in model.Blocks())
        {
            var window = windows[block.Index];
            var attention = new SelfAttention
            {
                Rope = window > 0 ? local : rope,
                HeadNorm = isSecond ? HeadNorm.None : HeadNorm.PerHead,
                Parameters = model.Attention(Scale(model), window, scoreCap),
            };
            var (residual, attended) = block.Chosen(x, block.Attend(block.Norm("attn_norm", x), attention));
            x = graph.Add(residual, block.Norm("post_attention_norm", attended));
            x = graph.Add(x, block.Norm("post_ffw_norm", block.Gated(block.Norm("ffn_norm", x), Activation.GeluTanh)));
        }
        var logits = model.Logits(x);
        return model.Finish(logitCap > 0 ? graph.SoftCap(logits, logitCap) : logits);
    }

    // The 27B models, which nothing but their depth tells apart, scale by the width per head instead of the width of a head.
    private float Scale(ModelWriter model)
        => model.Dimensions.Blocks == (version == 2 ? 46 : 62) ? 1f / MathF.Sqrt(model.Dimensions.Width / model.Dimensions.Heads[0]) : model.Dimensions.UsualScale;
}
