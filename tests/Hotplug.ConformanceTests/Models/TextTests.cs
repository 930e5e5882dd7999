using System.Text;
using Hotplug.ConformanceTests.Tokenizers;
using Hotplug.Inference.Generation;
using Xunit;

namespace Hotplug.ConformanceTests.Models;

/// <summary>Models that write text: ids of the prompt, logits behind it, and the greedy continuation.</summary>
[Collection("Models on cpu")]
public sealed class TextTests(ConformanceHost host) : IClassFixture<ConformanceHost>
{
    private const int Cases = 3;
    private const double CloseCall = 0.3;

    public static TheoryData<string, int> StoryPlaces => Of("cpu", "far", "far --gpu-layers 3", "cpu --place blk.*.ffn_*=far");

    public static TheoryData<string, int> SmolPlaces
    {
        get
        {
            var data = Of("cpu");
            // The scalar reference is slow, so little lies there.
            data.Add("cpu --place blk.12.*=far --place blk.29.ffn_down.weight=far", 0);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(StoryPlaces))]
    public async Task Story(string placement, int number)
        => await Check(Material.Path("story", "hotplug-story-5m.Q8_0.gguf"), Material.Path("story"), number, placement, generates: true);

    [Theory]
    [MemberData(nameof(SmolPlaces))]
    public async Task SmolLM2(string placement, int number)
        => await Check(SharedFolder.Find("models", "SmolLM2-135M-Instruct.Q4_1.gguf"), SharedFolder.Find("conformance", "smollm2"), number, placement, generates: placement == "cpu");

    private async Task Check(string path, string folder, int number, string placement, bool generates)
    {
        var reference = ReferenceCase.Read(folder, number);
        using var model = await host.LoadAsync(path, placement, context: 512, outputs: 1);
        Assert.Equal(reference.Prompt, model.Model.Tokenizer.Encode(reference.Text, addSpecial: true));
        IsEqual(model, reference, Math.Max(1e-3, 2 * reference.PeerError), CloseCall, generates);
    }

    /// <summary>Fails unless the logits behind the prompt are near, and the greedy continuation is the reference's wherever the two best logits are no close call.</summary>
    internal static void IsEqual(LoadedModel model, ReferenceCase reference, double limit, double closeCall, bool generates)
    {
        Logits.Near(limit, reference.Logits, model.Append(reference.Prompt), $"'{reference.Text}', last position");
        model.Restart();
        Logits.GreedyEqual(model, reference, closeCall, $"'{reference.Text}'");
        model.Restart();
        if (generates) TextIsEqual(model, reference, closeCall);
    }

    /// <summary>What is generated freely is the reference's text up to a close call that fell the other way.</summary>
    private static void TextIsEqual(LoadedModel model, ReferenceCase reference, double closeCall)
    {
        using var generator = new TextGenerator(model.Model, reference.Prompt,
            new() { MaxTokens = reference.Greedy.Length, Sampler = new() { Temperature = 0 }, IgnoreEndOfGeneration = true });
        var text = new StringBuilder();
        while (generator.Next(out var piece)) text.Append(piece);
        var tokens = generator.Tokens[reference.Prompt.Length..].ToArray();

        var tokenizer = model.Model.Tokenizer;
        Assert.Equal(tokenizer.Decode(generator.Tokens), tokenizer.Decode(reference.Prompt) + text);
        Assert.Equal(reference.Greedy.Length, tokens.Length);
        var equal = tokens.AsSpan().CommonPrefixLength(reference.Greedy);
        Assert.True(equal == tokens.Length || reference.Gaps[equal] <= closeCall,
            $"'{reference.Text}' goes on with '{text}', and differs from the reference at token {equal}, whose logit is {reference.Gaps[Math.Min(equal, tokens.Length - 1)]} above the second");
    }

    private static TheoryData<string, int> Of(params string[] places)
    {
        var data = new TheoryData<string, int>();
        foreach (var place in places)
            for (var number = 0; number < Cases; number++) data.Add(place, number);
        return data;
    }
}
