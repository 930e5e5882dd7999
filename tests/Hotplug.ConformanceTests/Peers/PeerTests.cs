using Hotplug.Abstractions.Tensors;
using Hotplug.ConformanceTests.Models;
using Hotplug.Inference.Embeddings;
using Hotplug.ModelForge;
using Xunit;

namespace Hotplug.ConformanceTests.Peers;

/// <summary>Forged models of shapes and parameters that the reference data does not have, against llama.cpp on the same file.</summary>
[Collection("Models")]
public sealed class PeerTests(ConformanceHost host, PeerFolder peer) : IClassFixture<ConformanceHost>, IClassFixture<PeerFolder>
{
    private const int PromptLength = 40, Continuation = 6;

    // Probabilities come with some eight digits; GELU comes from a table of halves.
    private const double Exact = 1e-9, WithTable = 1e-5;

    /// <summary>Models that write text.</summary>
    private static readonly Dictionary<string, (ModelRecipe Recipe, double Limit)> Texts = new()
    {
        ["starcoder2"] = (new() { Architecture = "starcoder2", FeedForward = 112 }, WithTable),
        ["starcoder2, tied, fused"] = (new() { Architecture = "starcoder2", TiedOutput = true, FusedAttention = true, KvHeads = 4, Blocks = 3, Seed = 2 }, WithTable),
        ["gpt-oss"] = (GptOss, Exact),
        ["gpt-oss, every third block sees all"] = (GptOss with { Blocks = 4, Seed = 3, Metadata = new Dictionary<string, object> { ["attention.sliding_window"] = 5, ["attention.sliding_window_pattern"] = 3 } }, Exact),
        // Activations are quantised to eight bits there, and to sixteen here.
        ["gpt-oss, MXFP4"] = (GptOss with { ExpertType = TensorType.MXFP4, Seed = 4 }, 2e-3),
        ["granite with experts"] = (new() { Architecture = "granitemoe", Experts = 5, ExpertsUsed = 3, FeedForward = 48, Seed = 5,
            Metadata = new Dictionary<string, object> { ["logit_scale"] = 3f, ["residual_scale"] = 0.4f, ["embedding_scale"] = 5f, ["attention.scale"] = 0.2f } }, Exact),
        ["granite, not rotated"] = (new() { Architecture = "granite", Seed = 6, Metadata = new Dictionary<string, object> { ["rope.scaling.finetuned"] = false } }, Exact),
        ["llama, wide heads"] = (new() { Architecture = "llama", HeadWidth = 24, Vocabulary = 333, FeedForward = 100, Seed = 7 }, Exact),
        ["llama, fused"] = (new() { Architecture = "llama", FusedAttention = true, Heads = 8, KvHeads = 1, Seed = 8 }, Exact),
        ["llama, yarn"] = (new() { Architecture = "llama", Seed = 9, Context = 512, Metadata = new Dictionary<string, object>
            { ["rope.scaling.type"] = "yarn", ["rope.scaling.factor"] = 4f, ["rope.scaling.original_context_length"] = 64, ["rope.scaling.attn_factor"] = 1.3f, ["rope.freq_base"] = 5000f } }, Exact),
        ["gemma2"] = (new() { Architecture = "gemma2", TiedOutput = true, HeadWidth = 12, Blocks = 4, Seed = 10, Metadata = new Dictionary<string, object>
            { ["attention.sliding_window"] = 6, ["attention.sliding_window_pattern"] = 3, ["attn_logit_softcapping"] = 20f, ["final_logit_softcapping"] = 12f } }, WithTable),
        ["gemma3"] = (new() { Architecture = "gemma3", TiedOutput = true, HeadWidth = 20, Blocks = 7, Seed = 11, Metadata = new Dictionary<string, object>
            { ["rope.freq_base"] = 100000f, ["rope.scaling.type"] = "linear", ["rope.scaling.factor"] = 8f } }, WithTable),
        ["olmo2 with windows"] = (new() { Architecture = "olmo2", KvHeads = 2, Blocks = 5, Seed = 12, Context = 512, Metadata = new Dictionary<string, object>
            { ["attention.sliding_window"] = 7, ["rope.scaling.type"] = "yarn", ["rope.scaling.factor"] = 8f, ["rope.scaling.original_context_length"] = 64 } }, Exact),
        ["phi3, partly rotated"] = (new() { Architecture = "phi3", Seed = 13, Metadata = new Dictionary<string, object> { ["rope.dimension_count"] = 8, ["attention.sliding_window"] = 4 } }, Exact),
        ["qwen3moe, narrow"] = (new() { Architecture = "qwen3moe", HeadWidth = 32, Experts = 9, ExpertsUsed = 4, FeedForward = 40, TiedOutput = true, Seed = 14 }, Exact),
    };

    /// <summary>Models that embed.</summary>
    private static readonly Dictionary<string, (ModelRecipe Recipe, double Limit)> Encoders = new()
    {
        ["bert"] = (new() { Architecture = "bert", KvHeads = 4 }, WithTable),
        ["bert, first token"] = (new() { Architecture = "bert", KvHeads = 4, Blocks = 3, Seed = 21, FusedAttention = true, Metadata = new Dictionary<string, object> { ["pooling_type"] = 2 } }, WithTable),
        ["nomic-bert"] = (new() { Architecture = "nomic-bert", KvHeads = 4, Seed = 22, Metadata = new Dictionary<string, object> { ["rope.freq_base"] = 1000f } }, Exact),
        ["nomic-bert, last token"] = (new() { Architecture = "nomic-bert", KvHeads = 4, Heads = 4, Seed = 23, Metadata = new Dictionary<string, object> { ["pooling_type"] = 3 } }, Exact),
    };

    private static ModelRecipe GptOss => new()
    {
        Architecture = "gpt-oss", Experts = 4, FeedForward = 64, HeadWidth = 32, Context = 512,
        Metadata = new Dictionary<string, object>
        {
            ["rope.freq_base"] = 150000f, ["rope.scaling.type"] = "yarn", ["rope.scaling.factor"] = 32f, ["rope.scaling.original_context_length"] = 64,
        },
    };

    public static TheoryData<string> TextModels => [.. Texts.Keys];

    public static TheoryData<string> EmbeddingModels => [.. Encoders.Keys];

    [Theory, MemberData(nameof(TextModels))]
    public async Task Probabilities_are_those_of_llama_cpp(string name)
    {
        var (recipe, limit) = Texts[name];
        var path = Forged(recipe);
        var prompt = Prompt(recipe);
        var (tokens, expected) = await CompleteAsync(path, prompt, recipe.Vocabulary);
        foreach (var placement in (string[])["cpu", "far"])
        {
            using var model = await host.LoadAsync(path, placement);
            var row = model.Append(prompt);
            for (var i = 0; i < expected.Length; i++)
            {
                Logits.Near(limit, expected[i], Logits.LogProbabilities(row), $"{name} on {placement}, token {i}");
                row = model.Append(tokens.AsSpan(i, 1));
            }
        }
    }

    [Theory, MemberData(nameof(EmbeddingModels))]
    public async Task Embeddings_are_those_of_llama_cpp(string name)
    {
        var (recipe, limit) = Encoders[name];
        var path = Forged(recipe);
        var prompt = Prompt(recipe);
        float[] expected;
        await using (var server = await LlamaServer.StartAsync(peer.Server, path, "--embeddings")) expected = await server.EmbedAsync(prompt);
        foreach (var placement in (string[])["cpu", "far"])
        {
            using var model = await host.LoadEmbedderAsync(path, placement);
            Logits.Near(limit, expected, new TextEmbedder(model).Embed(prompt), $"{name} on {placement}");
        }
    }

    private async Task<(int[] Tokens, float[][] Expected)> CompleteAsync(string path, int[] prompt, int vocabulary)
    {
        await using var server = await LlamaServer.StartAsync(peer.Server, path);
        return await server.CompleteAsync(prompt, Continuation, vocabulary);
    }

    private string Forged(ModelRecipe recipe)
    {
        // Asked for first: without it there is nothing to compare with.
        _ = peer.Server;
        var path = peer.File($"{recipe.Architecture}-{recipe.Seed}.gguf");
        Forge.Write(recipe, path);
        return path;
    }

    private static int[] Prompt(ModelRecipe recipe)
    {
        var random = new Random(recipe.Seed);
        return [1, .. Enumerable.Range(0, PromptLength).Select(_ => random.Next(3, recipe.Vocabulary))];
    }
}
