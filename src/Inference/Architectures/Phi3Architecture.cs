using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Inference.Architectures;

/// <summary>Phi-3 and Phi-4: llama's blocks with queries, keys and values in one matrix, gate and up in one, and factors per frequency for long contexts.</summary>
internal sealed class Phi3Architecture : IArchitecture
{
    public string Name => "phi3";

    public ModelDescription Describe(ModelInput input)
    {
        // The sliding window that files state is not used: it was converted wrongly for years, and llama.cpp ignores it for that reason.
        var model = new ModelWriter(input, Name, NormKind.Rms);
        var attention = new SelfAttention { Rope = RopeMetadata.Read(model, RopeStyle.Halves, factors: true), Parameters = model.Attention() };
        var x = model.Embed();
        foreach (var block in model.Blocks()) x = block.PreNorm(x, attention, y => block.Gated(y, Activation.Silu));
        return model.Finish(model.Logits(x));
    }
}
