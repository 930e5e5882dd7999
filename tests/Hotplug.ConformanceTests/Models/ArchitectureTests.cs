using Hotplug.Abstractions.Tensors;
using Hotplug.Inference.Models;
using Xunit;

namespace Hotplug.ConformanceTests.Models;

/// <summary>Tiny models with F32 weights, one per variant of an architecture: logits and continuation are those of the reference, wherever the model lies.</summary>
[Collection("Models on cpu")]
public sealed class ArchitectureTests(ConformanceHost host) : IClassFixture<ConformanceHost>
{
    /// <summary>Variants of one graph, in whose many splits placement and copies are tested.</summary>
    internal static readonly string[] Split = ["llama", "llama-tied-mha", "llama-rope31"];

    /// <summary>The others, each with operations or parameters of its own.</summary>
    internal static readonly string[] Others =
    [
        "llama-linear-rope", "llama-yarn", "llama-moe", "qwen2", "qwen3", "qwen3moe", "gemma2", "gemma3", "phi3", "phi3-longrope", "olmo2", "granite", "gpt2",
    ];

    private static readonly string[] FewPatterns = ["cpu", "far", "cpu --place blk.*.ffn_*=far", "far --place blk.*.attn_*=cpu"];

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
            foreach (var name in Others)
                foreach (var placement in FewPatterns) data.Add(name, placement);
            foreach (var name in Split)
            {
                foreach (var placement in Patterns) data.Add(name, placement);
                foreach (var layers in Splits(name)) data.Add(name, $"far --gpu-layers {layers}");
            }
            return data;
        }
    }

    /// <summary>The normalised squared error that is allowed: llama.cpp computes GPT-2's activation from a table of halves, and is that far off itself.</summary>
    private static double Limit(string name, double limit) => name == "gpt2" ? 1e-5 : limit;

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
            Logits.Near(Limit(name, 1e-9), reference.Logits, model.Append(reference.Prompt, tokensPerStep), $"{tokensPerStep} tokens per step");
            model.Restart();
        }
        Logits.GreedyEqual(model, reference, 0.01, name);
    }

    /// <summary>Fails unless logits are close to the reference's, and the continuation equal, with halves of the precision in the cache.</summary>
    internal static async Task AreCloseWithF16Cache(ConformanceHost host, string name, string placement)
    {
        var reference = ReferenceCase.Read("architectures", $"{name}.f32");
        using var model = await host.LoadAsync(Material.Path("architectures", $"{name}.f32.gguf"), placement, TensorType.F16);
        Logits.Near(Limit(name, 1e-6), reference.Logits, model.Append(reference.Prompt, 64), "all tokens in a step");
        model.Restart();
        Logits.GreedyEqual(model, reference, 0.01, name);
    }
}
