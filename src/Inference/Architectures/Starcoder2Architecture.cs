using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Inference.Architectures;

/// <summary>StarCoder 2: rotary positions and grouped queries with norms and projections that have biases, and a plain feed-forward layer.</summary>
internal sealed class Starcoder2Architecture : IArchitecture
{
    public string Name => "starcoder2";

    public ModelDescription Describe(ModelInput input)
    {
        var model = new ModelWriter(input, Name, NormKind.Layer);
        var attention = new SelfAttention { Rope = RopeMetadata.Read(model, RopeStyle.Halves), Parameters = model.Attention() };
        var x = model.Embed();
        foreach (var block in model.Blocks()) x = block.PreNorm(x, attention, y => block.Plain(y, Activation.GeluTanh));
        return model.Finish(model.Logits(x));
    }
}
