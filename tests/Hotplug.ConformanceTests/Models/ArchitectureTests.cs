using Hotplug.Abstractions.Tensors;
using Hotplug.Inference.Models;
using Xunit;

namespace Hotplug.ConformanceTests.Models;

/// <summary>Tiny models with F32 weights, one per variant of an architecture: logits and continuation are those of the reference, wherever the model lies.</summary>
[Collection("Models on cpu")]
public sealed class ArchitectureTests(ConformanceHost host) : IClassFixture<ConformanceHost>
{
    internal static readonly string[] Names = ["llama", "llama-tied-mha", "llama-rope31"];

    private static readonly string[] Patterns =
    [
        "cpu",
        "far",
        "cpu --place blk.*.ffn_*=far",
        "cpu --place blk.*.attn_*=far",
        "far --place blk.*.attn_*=cpu",
        "cpu --place blk.0.*=far",
        "cpu --place token_embd.weight=far",
        // Operands of one operation that come from different devices.
        "cpu --place blk.*.attn_k.weight=far --place blk.*.ffn_up.weight=far",
        "far --place blk.*.attn_v.weight=cpu --place blk.*.ffn_gate.weight=cpu --place *_norm.weight=cpu",
    ];

    public static TheoryData<string, string> Places
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var name in Names)
            {
                foreach (var placement in Patterns) data.Add(name, placement);
                foreach (var layers in Splits(name)) data.Add(name, $"far --gpu-layers {layers}");
            }
            return data;
        }
    }

    /// <summary>Every number of layers that parts a model between the input and the output.</summary>
    internal static IEnumerable<int> Splits(string name)
        => Enumerable.Range(1, ModelSource.Open(Material.Path("architectures", $"{name}.f32.gguf")).Description.BlockCount);

    [Theory]
    [MemberData(nameof(Places))]
    public Task Logits_and_continuation_are_those_of_the_reference(string name, string placement) => AreEqual(host, name, placement, [64, 7, 1]);

    [Theory]
    [MemberData(nameof(Places))]
    public Task Logits_with_an_F16_cache_are_close(string name, string placement) => AreCloseWithF16Cache(host, name, placement);

    /// <summary>Fails unless logits and continuation are those of the reference, for each number of tokens in a step.</summary>
    internal static async Task AreEqual(ConformanceHost host, string name, string placement, int[] chunks)
    {
        var reference = ReferenceCase.Read("architectures", $"{name}.f32");
        using var model = await host.LoadAsync(Material.Path("architectures", $"{name}.f32.gguf"), placement);
        // The whole prompt at once, in pieces that end inside of pages and blocks, and like a generation.
        foreach (var tokensPerStep in chunks)
        {
            Logits.Near(1e-9, reference.Logits, model.Append(reference.Prompt, tokensPerStep), $"{tokensPerStep} tokens per step");
            model.Restart();
        }
        Logits.GreedyEqual(model, reference, 0.01, name);
    }

    /// <summary>Fails unless logits are close to the reference's, and the continuation equal, with halves of the precision in the cache.</summary>
    internal static async Task AreCloseWithF16Cache(ConformanceHost host, string name, string placement)
    {
        var reference = ReferenceCase.Read("architectures", $"{name}.f32");
        using var model = await host.LoadAsync(Material.Path("architectures", $"{name}.f32.gguf"), placement, TensorType.F16);
        Logits.Near(1e-6, reference.Logits, model.Append(reference.Prompt, 64), "all tokens in a step");
        model.Restart();
        Logits.GreedyEqual(model, reference, 0.01, name);
    }
}
