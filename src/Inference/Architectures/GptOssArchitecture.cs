using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Inference.Architectures;

/// <summary>gpt-oss: experts with biases and limited gates, attention with sinks, and every other block with a window.</summary>
internal sealed class GptOssArchitecture : IArchitecture
{
    // Of the model itself; files do not state them.
    private const float Alpha = 1.702f, Limit = 7f;

    public string Name => "gpt-oss";

    public ModelDescription Describe(ModelInput input)
    {
        var model = new ModelWriter(input, Name, NormKind.Rms);
        var rope = RopeMetadata.Read(model, RopeStyle.Halves);
        var local = rope.WithBase(model.Keys.Number("rope.freq_base_swa", rope.Parameters.Base, 1f, 1e12f));
        if (!model.Keys.Contains("attention.sliding_window"))
            throw model.Keys.Invalid("attention.sliding_window", "the model needs this key, and the file lacks it", "convert the model anew");
        var windows = SlidingWindow.Read(model.Keys, model.Dimensions.Blocks, usual: 0, period: 2);
        var experts = ExpertMixture.Read(model, _ => model.Dimensions.FeedForward[0])
            ?? throw model.Keys.Invalid("expert_count", "the architecture has experts, and the file states none", "convert the model anew");
        experts = experts with { Function = Activation.SwishAlpha, Alpha = Alpha, Limit = Limit };
        var x = model.Embed();
        foreach (var block in model.Blocks())
        {
            var window = windows[block.Index];
            var attention = new SelfAttention
            {
                Rope = window > 0 ? local : rope,
                Sinks = true,
                Parameters = model.Attention(window: window),
            };
            // The norm in front of the experts is named after the attention before it.
            x = block.PreNorm(x, attention, y => block.Experts(y, experts), feedForwardNorm: "post_attention_norm");
        }
        return model.Finish(model.Logits(x));
    }
}
