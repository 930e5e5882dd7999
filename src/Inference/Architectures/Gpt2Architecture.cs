using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Inference.Architectures;

/// <summary>GPT-2: learned positions, norms with biases, a plain feed-forward layer.</summary>
internal sealed class Gpt2Architecture : IArchitecture
{
    public string Name => "gpt2";

    public ModelDescription Describe(ModelInput input)
    {
        var model = new ModelWriter(input, Name, NormKind.Layer);
        var attention = new SelfAttention { Parameters = model.Attention() };
        var x = model.AddPositions(model.Embed());
        foreach (var block in model.Blocks()) x = block.PreNorm(x, attention, y => block.Plain(y, Activation.GeluTanh));
        return model.Finish(model.Logits(x), longestContext: model.Dimensions.Context);
    }
}
