using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Inference.Architectures;

/// <summary>
/// The llama family: pre-norm blocks of grouped-query attention with rotary positions and a SiLU-gated feed-forward layer, or a mixture of such experts. Also Mistral,
/// Mixtral, SmolLM and many others under this name.
/// </summary>
internal sealed class LlamaArchitecture : IArchitecture
{
    public string Name => "llama";

    public ModelDescription Describe(ModelInput input)
    {
        var model = new ModelWriter(input, Name, NormKind.Rms);
        var attention = new SelfAttention { Rope = RopeMetadata.Read(model, RopeStyle.Adjacent, factors: true), Parameters = model.Attention() };
        var experts = ExpertMixture.Read(model, _ => model.Dimensions.FeedForward[0]);
        var x = model.Embed();
        foreach (var block in model.Blocks())
            x = block.PreNorm(x, attention, y => experts is null ? block.Gated(y, Activation.Silu) : block.Experts(y, experts));
        return model.Finish(model.Logits(x));
    }
}
