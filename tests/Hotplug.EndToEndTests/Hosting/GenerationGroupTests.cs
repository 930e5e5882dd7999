using Hotplug.EndToEndTests.Swapping;
using Hotplug.Inference.Deployment;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Models;
using Xunit;

namespace Hotplug.EndToEndTests.Hosting;

/// <summary>Several texts by shared steps: each is the one that it would be alone, whatever begins, ends or moves meanwhile.</summary>
public sealed class GenerationGroupTests
{
    private static readonly string[] Prompts =
    [
        "Once upon a time", "The little dog was very happy, because his friend the cat had come to play with him in the garden behind the house", "One day, a girl named Lily",
        "Tom and his mom went to the", "It was a sunny day and", "Sam had a big red ball. He liked to throw it and to catch it, and then he",
    ];

    [Theory]
    [InlineData(64, 8, 8)]
    [InlineData(7, 8, 8)]
    [InlineData(16, 3, 8)]
    [InlineData(16, 8, 2)]
    public async Task Texts_written_together_are_those_written_alone(int tokens, int outputs, int atOnce)
    {
        await using var bench = new SwapBench();
        using var model = await LoadAsync(bench, "cpu", tokens, outputs);
        await WriteAsync(model, await AloneAsync(bench), atOnce, _ => Task.CompletedTask);
    }

    [Fact]
    public async Task They_go_on_while_the_model_is_put_elsewhere()
    {
        await using var bench = new SwapBench();
        var alone = await AloneAsync(bench);
        using var model = await LoadAsync(bench, "cpu", 16, 8);
        var policies = new[] { SwapPolicy.Migrate, SwapPolicy.NewSessionsOnly, SwapPolicy.Recompute, SwapPolicy.StopAndReload };
        await WriteAsync(model, alone, 6, async step =>
        {
            if (step % 4 == 3) await model.PlaceAsync(SwapBench.On(step % 8 == 3 ? "far" : "cpu"), new() { Policy = policies[step / 4 % 4], ProbationSteps = 0 }, TestContext.Current.CancellationToken);
        });
        Assert.Contains(ModelTransitionKind.Moved, bench.Kinds());
    }

    [Fact]
    public async Task A_device_that_is_lost_costs_none_of_them_a_token()
    {
        await using var bench = new SwapBench(("lose-device-after", "9"));
        var alone = await AloneAsync(bench);
        using var model = await LoadAsync(bench, "far", 16, 8);
        await WriteAsync(model, alone, 6, _ => Task.CompletedTask);
        Assert.Contains(ModelTransitionKind.FailedOver, bench.Kinds());
    }

    [Fact]
    public async Task A_generator_of_another_model_is_refused_and_a_cancelled_step_changes_nothing()
    {
        await using var bench = new SwapBench();
        using var model = await LoadAsync(bench, "cpu", 16, 8);
        using var other = await LoadAsync(bench, "cpu", 16, 8);
        using var mine = SwapBench.Begin(model, 6);
        using var foreign = SwapBench.Begin(other, 6);
        var group = new GenerationGroup(model);
        Assert.Throws<ArgumentException>(() => group.Step([mine, foreign], (_, _) => { }, TestContext.Current.CancellationToken));
        Assert.ThrowsAny<OperationCanceledException>(() => group.Step([mine], (_, _) => { }, new CancellationToken(canceled: true)));
        var written = 0;
        while (mine.Finish == FinishReason.None) group.Step([mine], (_, _) => written++, TestContext.Current.CancellationToken);
        Assert.Equal(SwapBench.Finish(foreign), mine.Tokens.ToArray());
        // Six tokens, and the end.
        Assert.Equal(7, written);
        group.Step([], (_, _) => Assert.Fail("There is nobody."), TestContext.Current.CancellationToken);
    }

    private static Task<LanguageModel> LoadAsync(SwapBench bench, string backend, int tokens, int outputs)
        => bench.LoadAsync(backend, o => o with { BatchTokens = tokens, BatchOutputs = outputs, Sequences = 8, Failover = new() { Backends = ["cpu"] } });

    private static async Task<Dictionary<string, string>> AloneAsync(SwapBench bench)
    {
        using var model = await bench.LoadAsync("cpu");
        var texts = new Dictionary<string, string>();
        foreach (var (prompt, i) in Prompts.Select((p, i) => (p, i)))
        {
            using var generator = SwapBench.Begin(model, Length(i), prompt);
            var text = "";
            while (generator.Next(out var more)) text += more.ToString();
            texts[prompt] = text;
        }
        return texts;
    }

    /// <summary>Writes them all, so many at once: as soon as one ends another begins.</summary>
    private static async Task WriteAsync(LanguageModel model, Dictionary<string, string> alone, int atOnce, Func<int, Task> between)
    {
        var waiting = new Queue<int>(Enumerable.Range(0, Prompts.Length));
        var texts = new Dictionary<TextGenerator, (int Prompt, string Text)>();
        var active = new List<TextGenerator>();
        var group = new GenerationGroup(model);
        var ended = 0;
        try
        {
            for (var step = 0; active.Count > 0 || waiting.Count > 0; step++)
            {
                Assert.True(step < 2000, "It does not end.");
                // One more at a time, so that prompts meet texts that are under way.
                if (active.Count < atOnce && waiting.TryDequeue(out var next))
                {
                    var generator = SwapBench.Begin(model, Length(next), Prompts[next]);
                    active.Add(generator);
                    texts.Add(generator, (next, ""));
                }
                group.Step(active, (g, text) => texts[g] = (texts[g].Prompt, texts[g].Text + text.ToString()), TestContext.Current.CancellationToken);
                foreach (var done in active.Where(g => g.Finish != FinishReason.None).ToArray())
                {
                    Assert.Equal(alone[Prompts[texts[done].Prompt]], texts[done].Text);
                    active.Remove(done);
                    done.Dispose();
                    ended++;
                }
                await between(step);
            }
        }
        finally
        {
            foreach (var generator in active) generator.Dispose();
        }
        Assert.Equal(Prompts.Length, ended);
    }

    private static int Length(int prompt) => 9 + (5 * prompt);
}
