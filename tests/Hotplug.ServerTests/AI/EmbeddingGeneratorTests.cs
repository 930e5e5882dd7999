using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Hotplug.ServerTests.AI;

/// <summary>Each statement of the documentation of <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/>, its members, options and metadata.</summary>
public sealed class EmbeddingGeneratorTests(StoryClient story) : IClassFixture<StoryClient>
{
    private readonly IEmbeddingGenerator<string, Embedding<float>> _generator = story.Generator;

    [Fact]
    public async Task All_members_are_thread_safe_and_multiple_requests_may_come_concurrently()
    {
        var alone = await _generator.GenerateVectorAsync("a b");
        var many = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => (await _generator.GenerateVectorAsync("a b")).ToArray())));
        Assert.All(many, vector => Assert.Equal(alone.ToArray(), vector));
    }

    [Fact]
    public async Task Instances_must_not_be_disposed_while_in_use_and_disposing_one_takes_nothing_from_another()
    {
        var other = new Extensions.AI.Embeddings.HotplugEmbeddingGenerator(story.Services.GetRequiredService<Inference.Models.IModelHost>(), StoryClient.Vectors);
        await other.GenerateAsync(["a"]);
        other.Dispose();
        other.Dispose();
        Assert.Single(await _generator.GenerateAsync(["a"]));
    }

    [Fact]
    public async Task Implementations_may_mutate_arguments_and_this_one_does_not()
    {
        var (options, values) = (new EmbeddingGenerationOptions { ModelId = StoryClient.Vectors, AdditionalProperties = new() { ["x"] = 1 } }, new List<string> { "a", "b" });
        var before = JsonSerializer.Serialize(options, AIJsonUtilities.DefaultOptions);
        await _generator.GenerateAsync(values, options);
        Assert.Equal(before, JsonSerializer.Serialize(options, AIJsonUtilities.DefaultOptions));
        Assert.Equal(["a", "b"], values);
    }

    [Fact]
    public async Task GenerateAsync_generates_embeddings_for_each_of_the_supplied_values_in_their_order()
    {
        var together = await _generator.GenerateAsync(["a b", "c", "a b"]);
        Assert.Equal(3, together.Count);
        Assert.Equal(together[0].Vector.ToArray(), together[2].Vector.ToArray());
        Assert.Equal((await _generator.GenerateVectorAsync("c")).ToArray(), together[1].Vector.ToArray());
        Assert.All(together, e => Assert.Equal((StoryClient.Vectors, 1f), (e.ModelId, MathF.Round(e.Vector.Span.ToArray().Sum(x => x * x), 2))));
        Assert.Empty(await _generator.GenerateAsync([]));
    }

    [Fact]
    public async Task GenerateAsync_counts_the_tokens_of_the_values()
    {
        var usage = (await _generator.GenerateAsync(["a b", "c"])).Usage!;
        Assert.True(usage.InputTokenCount > 3);
        Assert.Equal(usage.InputTokenCount, usage.TotalTokenCount);
    }

    [Fact]
    public async Task GenerateAsync_monitors_for_cancellation()
        => await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _generator.GenerateAsync(["a"], cancellationToken: new CancellationToken(canceled: true)));

    [Fact]
    public async Task GenerateAsync_throws_ArgumentNullException_if_values_is_null()
        => Assert.Equal("values", (await Assert.ThrowsAsync<ArgumentNullException>(() => _generator.GenerateAsync(null!))).ParamName);

    [Fact]
    public async Task Dimensions_requested_are_given_or_refused_with_those_there_are()
    {
        var length = (await _generator.GenerateVectorAsync("a")).Length;
        Assert.Equal(length, (await _generator.GenerateVectorAsync("a", new() { Dimensions = length })).Length);
        Assert.Contains(length.ToString(), (await Assert.ThrowsAsync<ArgumentException>(() => _generator.GenerateAsync(["a"], new() { Dimensions = 3 }))).Message);
    }

    [Fact]
    public async Task ModelId_overrides_the_default_model_and_must_name_one_that_makes_embeddings()
    {
        Assert.Contains(StoryClient.Story, (await Assert.ThrowsAsync<KeyNotFoundException>(() => _generator.GenerateAsync(["a"], new() { ModelId = "nothing" }))).Message);
        Assert.Contains("writes text", (await Assert.ThrowsAsync<ArgumentException>(() => _generator.GenerateAsync(["a"], new() { ModelId = StoryClient.Story }))).Message);
    }

    [Fact]
    public async Task GetService_gives_itself_and_its_metadata_with_the_dimensions_once_they_are_known()
    {
        Assert.Same(_generator, _generator.GetService(_generator.GetType()));
        var length = (await _generator.GenerateVectorAsync("a")).Length;
        var metadata = _generator.GetService<EmbeddingGeneratorMetadata>()!;
        Assert.Equal(("hotplug", StoryClient.Vectors, length), (metadata.ProviderName, metadata.DefaultModelId, metadata.DefaultModelDimensions));
    }

    [Fact]
    public void GetService_gives_null_if_nothing_is_found_and_throws_ArgumentNullException_if_the_type_is_null()
    {
        Assert.Null(_generator.GetService(typeof(string)));
        Assert.Null(_generator.GetService(typeof(EmbeddingGeneratorMetadata), "key"));
        Assert.Equal("serviceType", Assert.Throws<ArgumentNullException>(() => _generator.GetService(null!)).ParamName);
    }
}
