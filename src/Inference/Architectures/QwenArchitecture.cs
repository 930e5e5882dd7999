using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Inference.Architectures;

/// <summary>Qwen 2 and 2.5, whose projections have biases; Qwen 3, whose heads are normed; and Qwen 3 with experts.</summary>
internal sealed class QwenArchitecture(string name, HeadNorm headNorm, bool hasExperts = false) : IArchitecture
{
    public string Name => name;

    public ModelDescription Describe(ModelInput input)
    {
        var model = new ModelWriter(input, Name, NormKind.Rms);
        var attention = new SelfAttention
        {
            Rope = RopeMetadata.Read(model, RopeStyle.Halves), HeadNorm = headNorm, Parameters = model.Attention(),
        };
        var experts = hasExperts ? Experts(model) : null;
        var x = model.Embed();
        foreach (var block in model.Blocks())
            x = block.PreNorm(x, attention, y => experts is null ? block.Gated(y, Activation.Silu) : block.Experts(y, experts));
        return model.Finish(model.Logits(x));
    }

    private static ExpertMixture Experts(ModelWriter model)
        => ExpertMixture.Read(model, used => model.Dimensions.FeedForward[0] / used)
            ?? throw model.Keys.Invalid("expert_count", "the architecture has experts, and the file states none", "convert the model anew");
}
