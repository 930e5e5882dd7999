using System.Text.Json;
using Hotplug.Inference.Embeddings;
using Xunit;

namespace Hotplug.ConformanceTests.Models;

/// <summary>
/// Architectures that the reference data lacks: forged models with what llama.cpp made of them, recorded by its server. <c>NAME.json</c> has the prompt and the tokens it went on with,
/// <c>NAME.expected.f32</c> the logarithms of the probabilities before each of them, or the embedding.
/// </summary>
[Collection("Models")]
public sealed class ForgedTests(ConformanceHost host) : IClassFixture<ConformanceHost>
{
    // GELU comes from a table of halves there.
    [Theory]
    [InlineData("starcoder2", "cpu", 1e-5), InlineData("starcoder2", "far", 1e-5)]
    [InlineData("gpt-oss", "cpu", 1e-9), InlineData("gpt-oss", "far", 1e-9), InlineData("gpt-oss", "cpu --place blk.*.ffn_*=far", 1e-9)]
    public async Task Probabilities_are_those_of_llama_cpp(string name, string placement, double limit)
    {
        var (prompt, tokens, expected) = Read(name);
        using var model = await host.LoadAsync(Material.Path("forged", $"{name}.gguf"), placement);
        var row = model.Append(prompt);
        for (var i = 0; i < tokens.Length; i++)
        {
            Logits.Near(limit, expected.AsSpan(i * row.Length, row.Length), Logits.LogProbabilities(row), $"{name} on {placement}, token {i}");
            row = model.Append(tokens.AsSpan(i, 1));
        }
    }

    [Theory]
    [InlineData("bert", "cpu", 1e-5), InlineData("bert", "far", 1e-5), InlineData("nomic-bert", "cpu", 1e-9), InlineData("nomic-bert", "far", 1e-9)]
    public async Task Embeddings_are_those_of_llama_cpp(string name, string placement, double limit)
    {
        var (prompt, _, expected) = Read(name);
        using var model = await host.LoadEmbedderAsync(Material.Path("forged", $"{name}.gguf"), placement);
        var embedder = new TextEmbedder(model);
        Logits.Near(limit, expected, embedder.Embed(prompt), $"{name} on {placement}");
        Assert.Throws<ArgumentException>(() => embedder.Embed([]));
        Assert.Throws<ArgumentException>(() => embedder.Embed(new int[model.Context + 1]));
    }

    private static (int[] Prompt, int[] Tokens, float[] Expected) Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Material.Path("forged", $"{name}.json")));
        return (Integers("prompt"), Integers("tokens"), ReferenceCase.Floats(Material.Path("forged", $"{name}.expected.f32")));

        int[] Integers(string key) => [.. document.RootElement.GetProperty(key).EnumerateArray().Select(e => e.GetInt32())];
    }
}
