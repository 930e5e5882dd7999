using System.Text;
using System.Text.Json;
using CsCheck;
using Hotplug.Inference.Gguf;
using Hotplug.Inference.Tokenization;
using Xunit;

namespace Hotplug.ConformanceTests.Tokenizers;

/// <summary>Tokens equal those of the reference implementation, text by text.</summary>
public sealed class TokenizerConformanceTests
{
    private const string Separator = "\n__ggml_vocab_test__\n";

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.String,
        Gen.String[Gen.Char["ab '\r\n\t.,12\u00A0é"]],
        Gen.Int[0, 0x10FFFF].Where(Rune.IsValid).Select(value => new Rune(value).ToString()).Array[0, 20].Select(string.Concat));

    [Theory]
    [InlineData("gpt-2")]
    [InlineData("llama-bpe")]
    [InlineData("llama-spm")]
    [InlineData("phi-3")]
    [InlineData("qwen2")]
    public void Every_text_has_the_tokens_of_the_reference(string name)
    {
        var path = SharedFolder.Find("conformance", "tokenizers", $"ggml-vocab-{name}.gguf");
        var texts = File.ReadAllText(path + ".inp").Split(Separator);
        var expected = File.ReadAllLines(path + ".out").Select(Ids).ToArray();
        var tokenizer = Open(path);

        // The file of texts ends with a separator of its own.
        Assert.InRange(texts.Length - expected.Length, 0, 1);
        Assert.All(expected.Index(), line =>
        {
            var tokens = tokenizer.Encode(texts[line.Index], addSpecial: false);
            Assert.True(line.Item.SequenceEqual(tokens), $"'{texts[line.Index]}': {string.Join(' ', tokens)}, expected {string.Join(' ', line.Item)}");
            Assert.Equal(texts[line.Index], tokenizer.Decode(tokens));
        });
    }

    [Theory]
    [InlineData("story", "hotplug-story-5m.Q8_0.gguf")]
    [InlineData("smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf")]
    public void Prompts_have_the_tokens_of_the_reference(string cases, string model)
    {
        var tokenizer = Open(SharedFolder.Find("models", model));
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedFolder.Find("conformance", cases, "cases.json")));
        Assert.All(document.RootElement.GetProperty("cases").EnumerateArray(), entry =>
        {
            var prompt = entry.GetProperty("prompt").GetString()!;
            var expected = entry.GetProperty("tokens").EnumerateArray().Select(id => id.GetInt32());
            Assert.Equal(expected, tokenizer.Encode(prompt, addSpecial: true));
            Assert.EndsWith(prompt, tokenizer.Decode([.. expected], special: true));
        });
    }

    [Theory]
    [InlineData("gpt-2")]
    [InlineData("llama-bpe")]
    [InlineData("llama-spm")]
    [InlineData("qwen2")]
    public void Any_text_comes_back(string name)
    {
        var tokenizer = Open(SharedFolder.Find("conformance", "tokenizers", $"ggml-vocab-{name}.gguf"));
        Texts.Sample(text =>
        {
            var expected = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            return tokenizer.Decode(tokenizer.Encode(text, addSpecial: true, parseSpecial: false)) == expected;
        }, iter: 2000, threads: 1);
    }

    [Theory]
    [InlineData("gpt-2")]
    [InlineData("llama-spm")]
    public void No_text_has_no_tokens(string name) =>
        Assert.Empty(Open(SharedFolder.Find("conformance", "tokenizers", $"ggml-vocab-{name}.gguf")).Encode("", addSpecial: false));

    private static Tokenizer Open(string path) => Tokenizer.FromGguf(GgufFile.Open(path));

    private static int[] Ids(string line) => [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
}
