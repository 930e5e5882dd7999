using Hotplug.Inference.Generation;
using Hotplug.Inference.Generation.Scheduling;
using Hotplug.Inference.Models;
using Xunit;

namespace Hotplug.ServerTests;

/// <summary>Prompts that begin like a text that is being written in another slot.</summary>
public sealed class SharedBeginningTests
{
    private const string Beginning = "Once upon a time there lived in a small house by the river an old woman with her three sons, and";

    [Fact]
    public async Task What_another_text_begins_with_too_is_not_evaluated_again_and_neither_text_is_another()
    {
        await using var server = await StoryServer.StartAsync(slots: 3);
        var model = await server.Host.GetAsync(StoryServer.Model);
        string[] ends = ["", " the eldest of them was", " one day"];
        var alone = ends.Select(end => Alone(model, Beginning + end)).ToArray();
        var scheduler = await server.SchedulerAsync();
        var texts = new List<ScheduledGeneration>();
        foreach (var end in ends)
        {
            texts.Add(scheduler.Write(Encode(model, Beginning + end), Options));
            // Its prompt is evaluated when the first text comes.
            if (texts.Count == 1) Assert.True(await texts[0].ReadAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken).MoveNextAsync());
        }
        var outcomes = await Task.WhenAll(texts.Select(t => t.Completion));
        var known = model.Tokenizer.Encode(Beginning, addSpecial: true).Length;
        for (var i = 0; i < ends.Length; i++)
        {
            Assert.Equal(alone[i], outcomes[i].Choices.Select(c => c.Chosen.Token));
            var saved = outcomes[i].PromptTokens + outcomes[i].GeneratedTokens - 1 - outcomes[i].EvaluatedTokens;
            Assert.InRange(saved, i == 0 ? 0 : known - 1, i == 0 ? 0 : known);
        }
        // Pages that were shared have come back: every slot can be filled to its end.
        int[] prompt = Encode(model, "The end");
        var full = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => scheduler.Write([.. prompt, 100 + i], Options with { MaxTokens = 2000 }).Completion));
        Assert.All(full, outcome => Assert.Equal(FinishReason.ContextFull, outcome.Finish));
    }

    private static GenerationOptions Options => new() { MaxTokens = 40, IgnoreEndOfGeneration = true, Logprobs = 0, Sampler = new() { Temperature = 0 } };

    private static int[] Encode(LanguageModel model, string text) => model.Tokenizer.Encode(text, addSpecial: true);

    private static int[] Alone(LanguageModel model, string prompt)
    {
        using var generator = new TextGenerator(model, Encode(model, prompt), Options);
        while (generator.Next(out _)) { }
        return generator.Tokens[generator.PromptLength..].ToArray();
    }
}
