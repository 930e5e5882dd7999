using Hotplug.Abstractions.Tensors;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Generation.Speculation;
using Hotplug.Inference.Models;
using Hotplug.Inference.Sampling;
using Hotplug.ModelForge;
using Hotplug.Runtime.Placement;
using Xunit;

namespace Hotplug.ConformanceTests.Models;

/// <summary>A draft model makes a text faster, and no other one.</summary>
[Collection("Models")]
public sealed class DraftTests(ConformanceHost host) : IClassFixture<ConformanceHost>, IDisposable
{
    private const int Guesses = 5;

    // The draft is the model with coarser matrices: right often, and wrong often.
    private static readonly ModelRecipe Target = new() { Architecture = "llama", Blocks = 3, Seed = 61, Width = 256, FeedForward = 256, Context = 1024 };

    private readonly string _folder = Directory.CreateTempSubdirectory("hotplug-draft-").FullName;

    public static TheoryData<string> Samplers => ["greedy", "sampled", "everything"];

    [Theory, MemberData(nameof(Samplers))]
    public async Task A_text_with_guesses_is_the_one_without(string sampler)
    {
        var options = Options(sampler);
        using var model = await TargetAsync();
        using var small = await DraftAsync();
        int[] prompt = [1, 40, 50, 60, 70, 80];
        using var alone = new TextGenerator(model, prompt, options);
        while (alone.Next(out _)) ;
        using var drafter = Drafter(small, model);
        using var generator = new TextGenerator(model, prompt, options) { Drafter = drafter };
        while (generator.Next(out _)) ;
        Assert.Equal(alone.Tokens.ToArray(), generator.Tokens.ToArray());
        Assert.Equal((alone.Finish, alone.RetractedCount), (generator.Finish, generator.RetractedCount));
        Assert.Equal(alone.Choices.Select(c => c.Chosen.Logprob), generator.Choices.Select(c => c.Chosen.Logprob));
        Assert.InRange(drafter.AcceptedCount, 1, drafter.EvaluatedCount - 1);
        Assert.InRange(drafter.StepCount, 1, generator.GeneratedCount + generator.RetractedCount - 1);

        // The same generator goes on with another text.
        generator.Restart([.. prompt, 90, 100], options);
        alone.Restart([.. prompt, 90, 100], options);
        while (alone.Next(out _)) ;
        while (generator.Next(out _)) ;
        Assert.Equal(alone.Tokens.ToArray(), generator.Tokens.ToArray());
    }

    [Fact]
    public async Task Both_models_may_be_moved_and_the_text_saved_between_a_guess_and_its_choice()
    {
        var options = Options("sampled");
        using var model = await TargetAsync();
        using var small = await DraftAsync();
        int[] prompt = [1, 40, 50, 60];
        using var alone = new TextGenerator(model, prompt, options);
        while (alone.Next(out _)) ;
        using var drafter = Drafter(small, model);
        var generator = new TextGenerator(model, prompt, options) { Drafter = drafter };
        var file = Path.Combine(_folder, "text.hotplug");
        for (var i = 0; generator.Next(out _); i++)
        {
            var move = new Inference.Deployment.SwapOptions { ProbationSteps = 0 };
            if (i % 24 == 7) await model.PlaceAsync(new() { Backend = "cpu" }, move, TestContext.Current.CancellationToken);
            if (i % 24 == 15) await small.PlaceAsync(new() { Backend = i % 48 == 15 ? "far" : "cpu" }, move, TestContext.Current.CancellationToken);
            if (i % 24 != 20) continue;
            await generator.SaveAsync(file, cancellation: TestContext.Current.CancellationToken);
            generator.Dispose();
            generator = await TextGenerator.RestoreAsync(model, file, cancellation: TestContext.Current.CancellationToken);
            generator.Drafter = drafter;
        }
        Assert.Equal(alone.Tokens.ToArray(), generator.Tokens.ToArray());
        Assert.InRange(drafter.AcceptedCount, 1, drafter.EvaluatedCount - 1);
        Assert.Null(drafter.Failure);
        generator.Dispose();
    }

    [Fact]
    public async Task Other_vocabularies_are_refused_by_name_and_models_without_room_for_rows_take_no_guesses()
    {
        using var model = await TargetAsync();
        using var small = await DraftAsync();
        using var larger = await host.LoadAsync(Forged(Target with { Vocabulary = 400 }, "larger"), "cpu");
        using var padded = new Drafter(larger.Model, model, Guesses);
        var story = Material.Path("story", "hotplug-story-5m.Q8_0.gguf");
        using var other = await host.LoadAsync(story, "cpu");
        Assert.Contains("token", Assert.Throws<ArgumentException>(() => new Drafter(other.Model, model, Guesses)).Message);

        using var narrow = await host.LoadAsync(Forged(Target, "target"), "cpu", outputs: 1);
        using var drafter = Drafter(small, narrow.Model);
        using var generator = new TextGenerator(narrow.Model, [1, 40, 50], Options("greedy") with { MaxTokens = 10 }) { Drafter = drafter };
        while (generator.Next(out _)) ;
        Assert.Equal((10, 0L), (generator.GeneratedCount, drafter.EvaluatedCount));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static GenerationOptions Options(string sampler) => sampler switch
    {
        "greedy" => new() { MaxTokens = 120, IgnoreEndOfGeneration = true, Sampler = new() { Temperature = 0 } },
        "sampled" => new() { MaxTokens = 100, IgnoreEndOfGeneration = true, Sampler = new() { Temperature = 0.4f, Seed = 11 } },
        // The window slides, texts are banned, probabilities noted, and a grammar holds.
        _ => new()
        {
            MaxTokens = 300, IgnoreEndOfGeneration = true, Overflow = ContextOverflow.Slide, Logprobs = 2, BannedStrings = ["a", "b", "c", "1", "2"],
            Sampler = new() { Temperature = 0.3f, Seed = 12, TopK = 20, Dry = new() { Multiplier = 0.2f } },
        },
    };

    // What random weights write is never probable.
    private static Drafter Drafter(LanguageModel draft, LanguageModel target) => new(draft, target, Guesses) { LeastProbability = 0 };

    private Task<LanguageModel> TargetAsync() => LoadAsync(Forged(Target, "target"), Guesses + 1);

    private Task<LanguageModel> DraftAsync() => LoadAsync(Forged(Target with { Type = TensorType.Q4_0 }, "draft"), 1);

    private Task<LanguageModel> LoadAsync(string path, int outputs) => host.Host.LoadAsync(ModelSource.Open(path), new()
    {
        Placement = new PlacementOptions { Backend = "cpu" }, Context = 192, BatchTokens = 64, BatchOutputs = outputs, Sequences = 2, KvType = TensorType.F32,
    });

    private string Forged(ModelRecipe recipe, string name)
    {
        var path = Path.Combine(_folder, $"{name}.gguf");
        if (!File.Exists(path)) Forge.Write(recipe, path);
        return path;
    }
}
