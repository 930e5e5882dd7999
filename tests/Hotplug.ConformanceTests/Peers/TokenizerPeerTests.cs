using System.Diagnostics;
using System.Text;
using Hotplug.ConformanceTests.Tokenizers;
using Hotplug.Inference.Gguf;
using Hotplug.Inference.Tokenization;
using Xunit;

namespace Hotplug.ConformanceTests.Peers;

/// <summary>Every kind of vocabulary and every set of rules against llama.cpp on the same text: generated here, or a large one that is named.</summary>
public sealed class TokenizerPeerTests(PeerFolder peer, ITestOutputHelper output) : IClassFixture<PeerFolder>
{
    /// <summary>A file to compare on in place of generated text; <c>benchmarks/tokenizer-corpus.sh</c> makes one.</summary>
    private const string CorpusVariable = "HOTPLUG_TOKENIZER_CORPUS";

    private const int GeneratedCharacters = 12_000;

    /// <summary>One name for each set of rules.</summary>
    public static TheoryData<string> PreTokenizers =>
    [
        "default", "gpt-2", "falcon", "starcoder", "llama-bpe", "dbrx", "jais-2", "minicpm5", "qwen2", "qwen35", "bailingmoe", "ufakzeka", "seed-coder", "laguna", "exaone-moe", "tekken", "gpt-4o",
        "granite-embed-multi-97m", "tiny_aya", "kimi-k2", "deepseek-llm", "deepseek-coder", "deepseek-v3", "spark2_5", "afmoe", "youtu", "bloom", "viking", "superbpe", "chameleon",
    ];

    public static TheoryData<string> Published => ["gpt-2", "llama-bpe", "llama-spm", "phi-3", "qwen2"];

    [Theory, MemberData(nameof(PreTokenizers))]
    public void Words_are_cut_as_llama_cpp_cuts_them(string name)
    {
        var source = SharedFolder.Find("conformance", "tokenizers", "ggml-vocab-gpt-2.gguf");
        Compare(path => VocabularyForge.WithPreTokenizer(source, name, path), name);
    }

    [Theory, MemberData(nameof(Published))]
    public void Published_vocabularies_give_the_tokens_of_llama_cpp(string name)
    {
        var source = SharedFolder.Find("conformance", "tokenizers", $"ggml-vocab-{name}.gguf");
        Compare(path => File.Copy(source, path), name);
    }

    [Theory]
    [InlineData("smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf")]
    [InlineData("story", "hotplug-story-5m.Q8_0.gguf")]
    public void Models_give_the_tokens_of_llama_cpp(string name, string file)
    {
        var source = SharedFolder.Find("models", file);
        Compare(path => File.CreateSymbolicLink(path, source), name);
    }

    [Theory]
    [InlineData("gemma4")]
    [InlineData("sarvam-moe")]
    public void Characters_are_joined_as_llama_cpp_joins_them(string name)
        => Compare(path => VocabularyForge.Characters(name, GeneratedText.Make(77, 12_000), path), name);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Word_pieces_are_those_of_llama_cpp(bool lowercases)
        => Compare(path => VocabularyForge.WordPiece(GeneratedText.Make(1, GeneratedCharacters), lowercases, path), $"bert-{lowercases}");

    [Theory]
    [InlineData(true, true, false)]
    [InlineData(false, true, true)]
    [InlineData(false, false, true)]
    public void Unigram_tokens_are_those_of_llama_cpp(bool mergesBlanks, bool addsPrefix, bool hasMap)
        => Compare(path => VocabularyForge.Unigram(GeneratedText.Make(1, GeneratedCharacters), mergesBlanks, addsPrefix, hasMap ? CharacterMapForge.Make() : [], path), $"t5-{mergesBlanks}-{addsPrefix}-{hasMap}");

    private void Compare(Action<string> forge, string name)
    {
        _ = peer.Server;
        var vocabulary = peer.File($"{name}-{Guid.NewGuid():n}.gguf");
        forge(vocabulary);
        var corpus = Environment.GetEnvironmentVariable(CorpusVariable);
        var text = corpus is { Length: > 0 } ? File.ReadAllText(corpus).TrimEnd('\n') : GeneratedText.Make(1, GeneratedCharacters);
        var file = Path.ChangeExtension(vocabulary, "txt");
        File.WriteAllText(file, text, new UTF8Encoding(false));
        var tokenizer = Tokenizer.FromGguf(GgufFile.Open(vocabulary));
        tokenizer.Encode(text.AsSpan(0, Math.Min(text.Length, 100_000)), addSpecial: false);
        var clock = Stopwatch.StartNew();
        var actual = tokenizer.Encode(text, addSpecial: false);
        var ours = clock.Elapsed;
        clock.Restart();
        var expected = LlamaTokenizer.Encode(peer.File("llama-tokenize"), vocabulary, file);
        output.WriteLine($"{name}: {new FileInfo(file).Length} bytes, {actual.Length} tokens, {ours.TotalMilliseconds:0} ms here, {clock.ElapsedMilliseconds} ms for the whole program there");
        if (actual.SequenceEqual(expected)) return;
        var at = actual.Zip(expected).TakeWhile(pair => pair.First == pair.Second).Count();
        var before = Math.Max(0, at - 6);
        Assert.Fail($"{name}: {actual.Length} tokens, {expected.Length} there; they differ from token {at} on:\n{Show(actual)}\n{Show(expected)}\n"
            + $"behind '{tokenizer.Decode(actual.AsSpan(before, at - before), special: true)}'");

        string Show(int[] tokens) => string.Join(" ", tokens.Skip(at).Take(8).Select(token => $"{token}:'{tokenizer.Name(token)}'"));
    }
}
