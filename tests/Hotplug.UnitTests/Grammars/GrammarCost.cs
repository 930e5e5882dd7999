using System.Diagnostics;
using Hotplug.Inference.Gguf;
using Hotplug.Inference.Grammars;
using Hotplug.Inference.Grammars.Json;
using Hotplug.Inference.Sampling;
using Hotplug.Inference.Tokenization;
using Hotplug.UnitTests.Reference;
using Xunit;

namespace Hotplug.UnitTests.Grammars;

/// <summary>What a grammar costs per token, with the vocabulary of a real model. Run by its name: it measures, and asserts nothing.</summary>
public sealed class GrammarCost(ITestOutputHelper output)
{
    private const string Schema = """
        {"type":"array","minItems":60,"items":{"type":"object","properties":{"name":{"type":"string","maxLength":40},"age":{"type":"integer","minimum":0,"maximum":120},
        "bio":{"type":"string"},"tags":{"type":"array","items":{"type":"string"},"minItems":2,"maxItems":4}},"required":["name","age","bio","tags"],"additionalProperties":false}}
        """;

    [Fact(Explicit = true)]
    public void Measure()
    {
        var tokenizer = Tokenizer.FromGguf(GgufFile.Open(SharedMaterial.File("models", "SmolLM2-135M-Instruct.Q4_1.gguf")));
        var clock = Stopwatch.StartNew();
        TokenTrie.Of(tokenizer);
        output.WriteLine($"trie of {tokenizer.VocabularySize} tokens: {clock.Elapsed.TotalMilliseconds:F1} ms");
        clock.Restart();
        var grammar = CompiledGrammar.Compile(JsonSchemaGrammar.Convert(Schema), tokenizer);
        output.WriteLine($"compiled: {clock.Elapsed.TotalMilliseconds:F1} ms");
        foreach (var round in (string[])["first text", "second text", "third text"])
        {
            // The text is that of the grammar; the time without it is that of sampling alone.
            var (constraint, free) = (grammar.Begin(), new Sampler(new() { Temperature = 1, Seed = 1 }, tokenizer));
            var sampler = new Sampler(new() { Temperature = 1, Seed = 1 }, tokenizer) { Constraint = constraint };
            var random = new Random(1);
            var logits = new float[tokenizer.VocabularySize];
            var (with, without, tokens, masks) = (TimeSpan.Zero, TimeSpan.Zero, 0, grammar.MaskCount);
            for (; tokens < 500 && !constraint.IsAtEnd; tokens++)
            {
                for (var i = 0; i < logits.Length; i++) logits[i] = random.NextSingle() * 8;
                clock.Restart();
                free.Sample(logits);
                without += clock.Elapsed;
                clock.Restart();
                sampler.Sample(logits);
                with += clock.Elapsed;
            }

            output.WriteLine($"{round}: {tokens} tokens, {grammar.MaskCount - masks} masks made; sampling {without.TotalMicroseconds / tokens:F0} µs a token, with the grammar {with.TotalMicroseconds / tokens:F0} µs");
        }
    }
}
