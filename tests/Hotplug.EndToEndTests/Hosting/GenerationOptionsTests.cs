using System.Text.Json;
using Hotplug.EndToEndTests.Programs;
using Hotplug.Inference.Chat;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Grammars;
using Hotplug.Inference.Grammars.Json;
using Hotplug.Inference.Sampling;
using Xunit;

namespace Hotplug.EndToEndTests.Hosting;

/// <summary>What is asked of a generated text: grammars, banned texts, probabilities; and texts that begin alike.</summary>
public sealed class GenerationOptionsTests(SavedGenerationTests.Rig rig) : IClassFixture<SavedGenerationTests.Rig>
{
    private const string Sentence = "root ::= \" The \" (\"king\" | \"queen\") \" had \" [a-z]{3,6} \".\"";

    private static readonly SamplerOptions Hot = new() { Temperature = 3, TopK = 0, TopP = 1, MinP = 0, Seed = 5 };

    [Fact]
    public async Task Under_a_grammar_the_text_is_one_of_it_also_when_it_is_saved_before_every_token()
    {
        var options = new GenerationOptions { Sampler = Hot, Grammar = Sentence, MaxTokens = 60 };
        using var straight = rig.Begin(options);
        var text = All(straight);
        Assert.Matches("^ The (king|queen) had [a-z]{3,6}\\.$", text);
        Assert.Equal(FinishReason.EndOfGeneration, straight.Finish);
        Assert.Equal(text, await SavedBeforeEveryToken(options, "grammar"));
    }

    [Fact]
    public void Under_a_schema_it_is_json()
    {
        var schema = JsonSchemaGrammar.Convert("""{"type":"object","properties":{"a":{"type":"integer"},"b":{"enum":["x","y"]}},"required":["a","b"]}""");
        for (var seed = 0UL; seed < 5; seed++)
        {
            using var generator = rig.Begin(new() { Sampler = Hot with { Seed = seed, Temperature = 1 }, Grammar = schema, Overflow = ContextOverflow.Slide, MaxTokens = 500 });
            var value = JsonElement.Parse(All(generator));
            Assert.Equal(JsonValueKind.Number, value.GetProperty("a").ValueKind);
            Assert.Contains(value.GetProperty("b").GetString(), new[] { "x", "y" });
        }

        Assert.Throws<GrammarException>(() => rig.Begin(new() { Grammar = "root ::= root" }));
    }

    [Fact]
    public async Task Banned_texts_do_not_appear_whatever_way_they_are_written()
    {
        var greedy = new GenerationOptions { Sampler = new() { Temperature = 0 }, MaxTokens = 24, Overflow = ContextOverflow.Slide };
        string plain;
        using (var generator = rig.Begin(greedy)) plain = All(generator);
        Assert.Contains("king", plain, StringComparison.Ordinal);
        var options = greedy with { BannedStrings = ["KING", "there was a rich", "man who"] };
        using var banned = rig.Begin(options);
        var text = All(banned);
        foreach (var phrase in options.BannedStrings) Assert.DoesNotContain(phrase, text, StringComparison.OrdinalIgnoreCase);
        Assert.True(banned.RetractedCount > 0);
        Assert.NotEqual(0, text.Length);
        Assert.Equal(text, await SavedBeforeEveryToken(options, "banned"));
        // Nothing is left of what was taken back.
Assert.Equal(text.TrimStart(), rig.Model.Tokenizer.Decode(banned.Tokens[banned.PromptLength..]).TrimStart());
    }

    [Fact]
    public void A_text_that_the_grammar_forces_passes_although_it_is_banned()
    {
        using var generator = rig.Begin(new() { Grammar = "root ::= \" king\"", BannedStrings = ["king"], Sampler = Hot });
        Assert.Equal(" king", All(generator));
    }

    [Fact]
    public void Choices_are_noted_with_their_probabilities()
    {
        using var generator = rig.Begin(new() { Sampler = new() { Temperature = 0 }, MaxTokens = 5, Logprobs = 3 });
        All(generator);
        Assert.Equal(generator.Tokens[generator.PromptLength..].ToArray(), generator.Choices.Select(choice => choice.Chosen.Token));
        foreach (var choice in generator.Choices)
        {
            Assert.Equal(3, choice.Best.Count);
            Assert.Equal(choice.Chosen, choice.Best[0]);
            Assert.InRange(choice.Chosen.Logprob, -20, 0);
            Assert.True(choice.Best.Sum(best => Math.Exp(best.Logprob)) <= 1.0001);
        }
    }

    [Fact]
    public void Another_text_evaluates_only_what_is_new_and_is_the_same()
    {
        var tokenizer = rig.Model.Tokenizer;
        var options = new GenerationOptions { Sampler = new() { Temperature = 0 }, MaxTokens = 6 };
        int[] first = tokenizer.Encode("Once upon a time there lived a", true), second = tokenizer.Encode("Once upon a time there was an old", true);
        using var generator = new TextGenerator(rig.Model, first, options);
        All(generator);
        int[] third = [.. generator.Tokens, .. tokenizer.Encode(" and", false)];
        foreach (var (prompt, common) in new[] { (third, first.Length + 5), (second, first.AsSpan().CommonPrefixLength(second)), (second, second.Length - 1) })
        {
            generator.Restart(prompt, options);
            var text = All(generator);
            using var fresh = new TextGenerator(rig.Model, prompt, options);
            Assert.Equal(All(fresh), text);
            Assert.Equal(fresh.Tokens.ToArray(), generator.Tokens.ToArray());
            Assert.Equal(prompt.Length - common + 5, generator.EvaluatedCount);
        }

        Assert.Throws<ArgumentException>(() => generator.Restart([], options));
        Assert.Throws<GrammarException>(() => generator.Restart(first, options with { Grammar = "x" }));
    }

    [Fact]
    public void A_conversation_remembers_forgets_what_does_not_fit_and_keeps_what_was_cut_off()
    {
        using var session = new ChatSession(rig.Model, ChatTemplate.Parse("{% for m in messages %}{{ m.content }} {% endfor %}"));
        var options = new GenerationOptions { MaxTokens = 6, Sampler = new() { Temperature = 0 } };
        session.Messages.Add(new("user", "Once upon a time"));
        var answer = string.Concat(session.Answer(options).Select(part => part.Text));
        Assert.Equal(answer, session.Messages[^1].Content);
        Assert.Equal("assistant", session.Messages[^1].Role);

        using var stop = new CancellationTokenSource();
        session.Messages.Add(new("user", "and then"));
        var heard = "";
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (var part in session.Answer(options with { MaxTokens = 20 }, stop.Token))
            {
                heard += part.Text;
                stop.Cancel();
            }
        });
        Assert.Equal(heard, session.Messages[^1].Content);
        Assert.NotEqual("", heard);

        for (var turn = 0; turn < 6; turn++)
        {
            session.Messages.Add(new("user", "the king went to the wood and"));
            foreach (var _ in session.Answer(options)) continue;
        }

        Assert.True(session.ForgottenCount > 0);
        Assert.True(session.PromptLength + 6 <= rig.Model.Context);
    }

    private async Task<string> SavedBeforeEveryToken(GenerationOptions options, string name)
    {
        var (path, text) = (rig.Path(name), "");
        var generator = rig.Begin(options);
        while (true)
        {
            await generator.SaveAsync(path, cancellation: TestContext.Current.CancellationToken);
            generator.Dispose();
            generator = await TextGenerator.RestoreAsync(rig.Model, path, cancellation: TestContext.Current.CancellationToken);
            var more = generator.Next(out var piece);
            text += piece.ToString();
            if (!more) break;
        }

        generator.Dispose();
        return text;
    }

    private static string All(TextGenerator generator)
    {
        var text = "";
        while (generator.Next(out var piece)) text += piece.ToString();
        return text;
    }
}
