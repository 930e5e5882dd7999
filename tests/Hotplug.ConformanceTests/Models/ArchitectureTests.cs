using Hotplug.Abstractions.Tensors;
using Xunit;

namespace Hotplug.ConformanceTests.Models;

/// <summary>Tiny models with F32 weights, one per variant of an architecture: logits and continuation are those of the reference, wherever the model lies.</summary>
[Collection("Models")]
public sealed class ArchitectureTests(ConformanceHost host) : IClassFixture<ConformanceHost>
{
    private static readonly string[] Names = ["llama", "llama-tied-mha", "llama-rope31"];

    public static TheoryData<string, string> Places
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var name in Names)
            {
                data.Add(name, "cpu");
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Logits_and_continuation_are_those_of_the_reference(string name, string placement)
    {
        var reference = ReferenceCase.Read("architectures", $"{name}.f32");
        using var model = await host.LoadAsync(Material.Path("architectures", $"{name}.f32.gguf"), placement);
        // The whole prompt at once, in pieces that end inside of pages and blocks, and like a generation.
        foreach (var tokensPerStep in (int[])[64, 7, 1])
        {
            Logits.Near(1e-9, reference.Logits, model.Append(reference.Prompt, tokensPerStep), $"{tokensPerStep} tokens per step");
            model.Restart();
        }
        Logits.GreedyEqual(model, reference, 0.01, name);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Logits_with_an_F16_cache_are_close(string name, string placement)
    {
        var reference = ReferenceCase.Read("architectures", $"{name}.f32");
        using var model = await host.LoadAsync(Material.Path("architectures", $"{name}.f32.gguf"), placement, TensorType.F16);
        Logits.Near(1e-6, reference.Logits, model.Append(reference.Prompt, 64), "all tokens in a step");
        model.Restart();
        Logits.GreedyEqual(model, reference, 0.01, name);
    }
}
