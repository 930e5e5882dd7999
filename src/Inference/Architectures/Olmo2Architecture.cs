using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Inference.Architectures;

/// <summary>OLMo 2 and 3: norms behind attention and feed-forward layer instead of in front, and of all queries and keys of a token. OLMo 3 has windowed blocks.</summary>
internal sealed class Olmo2Architecture : IArchitecture
{
    public string Name => "olmo2";

    public ModelDescription Describe(ModelInput input)
    {
        var model = new ModelWriter(input, Name, NormKind.Rms);
        var graph = model.Graph;
        var rope = RopeMetadata.Read(model, RopeStyle.Halves);
        var local = rope.Unscaled();
        var windows = SlidingWindow.Read(model.Keys, model.Dimensions.Blocks, usual: 0, period: 4);
        var x = model.Embed();
        foreach (var block in model.Blocks())
        {
            var window = windows[block.Index];
            var attention = new SelfAttention
            {
                Rope = window > 0 ? local : rope,
                HeadNorm = HeadNorm.AllHeads,
                Parameters = model.Attention(window: window),
            };
            var (residual, attended) = block.Chosen(x, block.Attend(x, attention));
            x = graph.Add(residual, block.Norm("post_attention_norm", attended));
            x = graph.Add(x, block.Norm("post_ffw_norm", block.Gated(x, Activation.Silu)));
        }
        return model.Finish(model.Logits(x));
    }
}
