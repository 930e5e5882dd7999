using System.Globalization;
using Hotplug.Abstractions.Tensors;
using Hotplug.ConformanceTests.Models;
using Hotplug.Inference.Adapters;
using Hotplug.ModelForge;
using Xunit;

namespace Hotplug.ConformanceTests.Peers;

/// <summary>Forged models with forged LoRA adapters, against llama.cpp with the same files.</summary>
[Collection("Models")]
public sealed class LoraPeerTests(ConformanceHost host, PeerFolder peer) : IClassFixture<ConformanceHost>, IClassFixture<PeerFolder>
{
    private const int Continuation = 4;

    // Halves take part there as halves, and blocks with activations of eight bits.
    private const double Exact = 1e-9, WithHalves = 2e-6, WithBlocks = 2e-3, WithTable = 1e-5;

    private static readonly Dictionary<string, (ModelRecipe Model, (AdapterRecipe Adapter, float Multiplier)[] Adapters, double Limit)> Cases = new()
    {
        ["all matrices"] = Case(Llama, Exact, (new() { Model = Llama }, 1)),
        ["halves, no alpha, a negative multiplier"] = Case(Llama, WithHalves, (new() { Model = Llama, Alpha = null, Rank = 3, Type = TensorType.F16 }, -0.5f)),
        ["two, one of rank 1"] = Case(Llama, Exact, (new() { Model = Llama, Seed = 2 }, 0.7f), (new() { Model = Llama, Seed = 3, Rank = 1, Alpha = 0.5f, Targets = ["blk.0.attn_q.weight", "blk.1.ffn_down.weight"] }, 1.5f)),
        ["embedding and output"] = Case(Llama, Exact, (new() { Model = Llama, Targets = ["token_embd.weight", "output.weight"], Alpha = 2 }, 1)),
        ["fused matrices"] = Case(Phi3, Exact, (new() { Model = Phi3, Rank = 5 }, 0.8f)),
        ["experts and their router"] = Case(Experts, Exact, (new() { Model = Experts, Rank = 6, Alpha = 4 }, 1)),
        ["a quantised model"] = Case(Quantised, WithBlocks, (new() { Model = Quantised, Rank = 8, Type = TensorType.F16, Alpha = 40 }, 1)),
        ["a tied embedding, left alone"] = Case(Gemma, WithTable, (new() { Model = Gemma }, 0.6f)),
    };

    private static ModelRecipe Llama => new() { Architecture = "llama", Seed = 31 };

    private static ModelRecipe Phi3 => new() { Architecture = "phi3", Seed = 32 };

    private static ModelRecipe Experts => new() { Architecture = "qwen3moe", Experts = 5, ExpertsUsed = 2, FeedForward = 40, Seed = 33 };

    private static ModelRecipe Quantised => new() { Architecture = "llama", Type = TensorType.Q8_0, Seed = 34 };

    private static ModelRecipe Gemma => new() { Architecture = "gemma3", TiedOutput = true, Seed = 35 };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory, MemberData(nameof(Names))]
    public async Task Probabilities_are_those_of_llama_cpp(string name)
    {
        var (recipe, adapters, limit) = Cases[name];
        // Asked for first: without it there is nothing to compare with.
        var program = peer.Server;
        var path = peer.File($"model-{recipe.Seed}.gguf");
        Forge.Write(recipe, path);
        var references = adapters.Select((a, i) =>
        {
            var file = peer.File($"adapter-{i}.gguf");
            AdapterForge.Write(a.Adapter, file);
            return new LoraReference(file, a.Multiplier);
        }).ToArray();
        var random = new Random(recipe.Seed);
        int[] prompt = [1, .. Enumerable.Range(0, 24).Select(_ => random.Next(3, recipe.Vocabulary))];
        int[] tokens;
        float[][] expected;
        await using (var server = await LlamaServer.StartAsync(program, path, "--lora-scaled", string.Join(',', references.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Path}:{r.Multiplier}")))))
            (tokens, expected) = await server.CompleteAsync(prompt, Continuation, recipe.Vocabulary);

        foreach (var placement in (string[])["cpu", "far"])
        {
            using var model = await host.LoadAsync(path, placement, adapters: references);
            var row = model.Append(prompt);
            for (var i = 0; i < expected.Length; i++)
            {
                Logits.Near(limit, expected[i], Logits.LogProbabilities(row), $"{name} on {placement}, token {i}");
                row = model.Append(tokens.AsSpan(i, 1));
            }
        }
        // The adapters matter: without them the probabilities are others.
        using var bare = await host.LoadAsync(path, "cpu");
        var without = Logits.LogProbabilities(bare.Append(prompt));
        Assert.ThrowsAny<Exception>(() => Logits.Near(10 * limit, expected[0], without, "without"));
    }

    private static (ModelRecipe, (AdapterRecipe, float)[], double) Case(ModelRecipe model, double limit, params (AdapterRecipe, float)[] adapters) => (model, adapters, limit);
}
