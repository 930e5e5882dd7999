using Hotplug.EndToEndTests.Swapping;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Generation.Scheduling;
using Hotplug.Inference.Models;
using Xunit;

namespace Hotplug.EndToEndTests.Hosting;

/// <summary>Many callers of one model.</summary>
public sealed class GenerationSchedulerTests
{
    private static readonly string[] Prompts = ["Once upon a time", "The little dog", "One day, a girl named Lily", "It was a sunny day and", "Sam had a big red ball"];

    private static GenerationOptions Options(int tokens) => new() { MaxTokens = tokens, IgnoreEndOfGeneration = true, Sampler = new() { Temperature = 0 } };

    [Fact]
    public async Task Each_caller_gets_the_text_he_would_get_alone_also_while_the_model_moves()
    {
        await using var bench = new SwapBench();
        using var model = await LoadAsync(bench, 3);
        var expected = Prompts.ToDictionary(p => p, p => Alone(model, p, 24));
        await using var scheduler = new GenerationScheduler(model);
        var callers = Enumerable.Range(0, 15).Select(async i =>
        {
            var prompt = Prompts[i % Prompts.Length];
            var generation = scheduler.Write(model.Tokenizer.Encode(prompt, addSpecial: true), Options(24));
            Assert.Equal(expected[prompt], await ReadAsync(generation));
            var outcome = await generation.Completion;
            Assert.Equal((FinishReason.Length, 24), (outcome.Finish, outcome.GeneratedTokens));
        }).ToArray();
        foreach (var place in new[] { "far", "cpu", "far" }) await model.PlaceAsync(SwapBench.On(place), new() { ProbationSteps = 0 }, TestContext.Current.CancellationToken);
        await Task.WhenAll(callers);
        await scheduler.DrainAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, 0), (scheduler.Writing, scheduler.Waiting));
        Assert.Throws<ObjectDisposedException>(() => scheduler.Write([1], Options(1)));
    }

    [Fact]
    public async Task A_text_that_is_given_up_frees_its_slot_and_the_next_begins_where_they_differ()
    {
        await using var bench = new SwapBench();
        using var model = await LoadAsync(bench, 1);
        var prompt = model.Tokenizer.Encode(Prompts[2], addSpecial: true);
        var expected = Alone(model, Prompts[2], 12);
        await using var scheduler = new GenerationScheduler(model, new() { QueueLength = 1 });
        using var patience = new CancellationTokenSource();
        var endless = scheduler.Write(prompt, Options(80), patience.Token);
        await using (var texts = endless.ReadAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken)) Assert.True(await texts.MoveNextAsync());
        var next = scheduler.Write(prompt, Options(12));
        Assert.Throws<QueueFullException>(() => scheduler.Write(prompt, Options(1)));
        await patience.CancelAsync();
        Assert.Equal(expected, await ReadAsync(next));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => endless.Completion);
        // All but the last token of the prompt was there already.
        Assert.Equal(12, (await next.Completion).EvaluatedTokens);
    }

    [Fact]
    public async Task What_is_wrong_with_one_request_is_no_matter_of_the_others()
    {
        await using var bench = new SwapBench();
        using var model = await LoadAsync(bench, 2);
        await using var scheduler = new GenerationScheduler(model);
        var good = scheduler.Write(model.Tokenizer.Encode(Prompts[0], addSpecial: true), Options(12));
        var tooLong = scheduler.Write(new int[500], Options(1));
        var nonsense = scheduler.Write([1], Options(4) with { Grammar = "root ::= (" });
        Assert.Contains("context", (await Assert.ThrowsAsync<GenerationRefusedException>(() => tooLong.Completion)).Message);
        await Assert.ThrowsAnyAsync<Exception>(async () => await ReadAsync(nonsense));
        Assert.Equal(Alone(model, Prompts[0], 12), await ReadAsync(good));
        Assert.Throws<ArgumentException>(() => new GenerationScheduler(model, new() { Slots = 3 }));
    }

    [Fact]
    public async Task Disposing_gives_up_what_is_waiting_and_what_is_written()
    {
        await using var bench = new SwapBench();
        using var model = await LoadAsync(bench, 2);
        var scheduler = new GenerationScheduler(model);
        var texts = Enumerable.Range(0, 6).Select(i => scheduler.Write(model.Tokenizer.Encode(Prompts[i % 5], addSpecial: true), Options(80))).ToArray();
        await scheduler.DisposeAsync();
        foreach (var text in texts) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => text.Completion);
        Assert.Equal(0, model.SessionCount);
    }

    private static Task<LanguageModel> LoadAsync(SwapBench bench, int sequences) => bench.LoadAsync("cpu", o => o with { Sequences = sequences, BatchOutputs = sequences, BatchTokens = 16 });

    private static string Alone(LanguageModel model, string prompt, int tokens)
    {
        using var generator = new TextGenerator(model, model.Tokenizer.Encode(prompt, addSpecial: true), Options(tokens));
        var text = "";
        while (generator.Next(out var more)) text += more.ToString();
        return text;
    }

    private static async Task<string> ReadAsync(ScheduledGeneration generation)
    {
        var text = "";
        await foreach (var more in generation.ReadAsync(TestContext.Current.CancellationToken)) text += more;
        return text;
    }
}
