using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Xunit;

namespace Hotplug.ServerTests;

/// <summary><c>/v1/embeddings</c> over a forged model.</summary>
public sealed class EmbeddingTests
{
    [Fact]
    public async Task Vectors_come_as_numbers_and_as_Base64_of_texts_and_of_tokens()
    {
        await using var server = await StoryServer.StartAsync(embeddings: true);
        var model = await server.Host.GetAsync(StoryServer.Vectors);
        // The only one that makes vectors needs no name.
        var (status, answer) = await server.PostAsync("/v1/embeddings", """{"input":["a b","c"]}""");
        Assert.Equal(200, status);
        var vectors = answer["data"]!.AsArray().Select(d => d!["embedding"]!.AsArray().Select(x => (float)x!).ToArray()).ToList();
        Assert.Equal(2, vectors.Count);
        Assert.All(vectors, v => Assert.Equal(1, v.Sum(x => x * x), 0.01f));
        Assert.NotEqual(vectors[0], vectors[1]);
        var tokens = model.Tokenizer.Encode("a b", addSpecial: true);
        Assert.Equal(tokens.Length + model.Tokenizer.Encode("c", addSpecial: true).Length, (int)answer["usage"]!["prompt_tokens"]!);
        var (_, coded) = await server.PostAsync("/v1/embeddings", new JsonObject { ["model"] = StoryServer.Vectors, ["encoding_format"] = "base64", ["input"] = new JsonArray([.. tokens.Select(t => (JsonNode)t)]) });
        Assert.Equal(vectors[0], MemoryMarshal.Cast<byte, float>(Convert.FromBase64String((string)coded["data"]![0]!["embedding"]!)).ToArray());
        Assert.Equal(400, (await server.PostAsync("/v1/embeddings", """{"input":"a","dimensions":3}""")).Status);
        Assert.Equal(400, (await server.PostAsync("/v1/embeddings", """{"input":[]}""")).Status);
        Assert.Equal(400, (await server.PostAsync("/v1/completions", """{"model":"vectors","prompt":"x"}""")).Status);
    }
}
