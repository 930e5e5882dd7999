using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Hotplug.Inference.Gguf;
using Hotplug.Inference.Tokenization;
using Hotplug.UnitTests.Gguf;
using Xunit;

namespace Hotplug.UnitTests.Tokenization;

/// <summary>Vocabularies that contradict themselves: refused with the key, or harmless. Named after the advisories where there is one.</summary>
public sealed class VocabularyHazardTests
{
    private const string Prefix = "tokenizer.ggml.";
    private static readonly string[] Pieces = ["<unk>", "<s>", "</s>", "a", "b", "ab", "▁"];

    [Fact]
    public void CVE_2025_49847_a_token_of_monstrous_length_is_refused()
    {
        string[] tokens = [.. Pieces, new string('x', Vocabulary.MaxPieceBytes + 1)];
        Refused("tokens", SentencePiece(tokens));
        Refused("tokens", ByteLevel(tokens, []));
        Refused("merges", ByteLevel(Pieces, ["a b", new string('x', Vocabulary.MaxPieceBytes) + " b"]));
    }

    [Fact]
    public void CVE_2025_52566_more_tokens_than_the_text_has_characters_do_not_overflow()
    {
        // Every character becomes several tokens, and special ones are added at both ends.
        var forge = SentencePiece([.. Pieces, .. Bytes()]).Integer(Prefix + "add_eos_token", GgufValueType.Bool, 1);
        var tokens = Open(forge).Encode(new string('語', 1000), addSpecial: true);
        Assert.Equal(1 + 1 + 3 * 1000 + 1, tokens.Length);
    }

    [Theory]
    [InlineData("<0x-1>")]
    [InlineData("<0x+1>")]
    [InlineData("<0x 1>")]
    [InlineData("<0x1>")]
    [InlineData("<0x100>")]
    [InlineData("<0xGG>")]
    [InlineData("<0X41>")]
    [InlineData("x")]
    [InlineData("")]
    public void Issue_25969_a_byte_token_that_names_no_byte_is_refused(string name) =>
        Refused("tokens", SentencePiece([.. Pieces, name], kinds: [2, 3, 3, 1, 1, 1, 1, 6]));

    [Theory]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(0)]
    public void PR_20735_scores_and_kinds_of_another_length_than_the_tokens_are_refused(int length)
    {
        Refused("scores", SentencePiece(Pieces, scores: new float[length]));
        Refused("token_type", SentencePiece(Pieces, kinds: [.. Enumerable.Repeat(1L, length)]));
        Refused("token_type", ByteLevel(Pieces, ["a b"]).Integers(Prefix + "token_type", GgufValueType.Int32, [.. Enumerable.Repeat(1L, length)]));
    }

    [Theory]
    [InlineData("bos_token_id")]
    [InlineData("eos_token_id")]
    [InlineData("unknown_token_id")]
    [InlineData("eot_token_id")]
    [InlineData("eom_token_id")]
    public void Special_tokens_that_do_not_exist_are_refused(string key)
    {
        Refused(key, SentencePiece(Pieces).UInt32(Prefix + key, (uint)Pieces.Length));
        Refused(key, ByteLevel(Pieces, ["a b"]).UInt32(Prefix + key, int.MaxValue));
        Refused(key, ByteLevel(Pieces, ["a b"]).Integer(Prefix + key, GgufValueType.Int32, -2));
        Refused(key, ByteLevel(Pieces, ["a b"]).String(Prefix + key, "1"));
        // Files say this where there is none.
        Open(ByteLevel(Pieces, ["a b"]).UInt32(Prefix + key, uint.MaxValue));
        Open(ByteLevel(Pieces, ["a b"]).Integer(Prefix + key, GgufValueType.Int32, -1));
    }

    [Fact]
    public void Kinds_that_are_not_supported_are_named_with_what_is()
    {
        Refused("model", new GgufForge().String(Prefix + "model", "rwkv"), "rwkv", "gpt2", "llama", "bert", "t5", "gemma4");
        Refused("model", new GgufForge());
        Refused("pre", ByteLevel(Pieces, ["a b"]).String(Prefix + "pre", "made-up"), "made-up", "gpt-2", "smollm", "default");
    }

    [Fact]
    public void Missing_parts_are_refused()
    {
        Refused("tokens", new GgufForge().String(Prefix + "model", "gpt2"));
        Refused("tokens", new GgufForge().String(Prefix + "model", "llama").Strings(Prefix + "tokens"));
        Refused("scores", new GgufForge().String(Prefix + "model", "llama").Strings(Prefix + "tokens", Pieces));
        Refused("merges", new GgufForge().String(Prefix + "model", "gpt2").Strings(Prefix + "tokens", Pieces));
        Refused("add_bos_token", ByteLevel(Pieces, ["a b"]).Integer(Prefix + "add_bos_token", GgufValueType.Bool, 1));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("ab")]
    [InlineData("ab ")]
    [InlineData(" ab")]
    public void Merges_that_are_not_two_pieces_are_refused(string merge) => Refused("merges", ByteLevel(Pieces, ["a b", merge]));

    [Fact]
    public void Merges_without_tokens_and_in_circles_end()
    {
        // The result of a merge is no token, merges refer to each other and to nothing, pieces are missing or come twice.
        var tokenizer = Open(ByteLevel(["a", "b", "a", "bab"], ["a b", "b a", "ab ab", "ba ba", "abab abab", "x y", "a a", "aa aa", "a b"]));
        for (var length = 0; length < 40; length++)
            Assert.All(tokenizer.Encode(string.Concat(Enumerable.Repeat("ab", length)), true), token => Assert.InRange(token, 0, 3));
    }

    [Fact]
    public void Empty_pieces_and_bytes_that_are_no_text_are_harmless()
    {
        var tokens = new List<byte[]> { Array.Empty<byte>(), new byte[] { 0xFF }, new byte[] { 0xE2, 0x96 }, new byte[] { 0xC3 }, "a"u8.ToArray(), Array.Empty<byte>() };
        foreach (var (model, kind) in (ReadOnlySpan<(string, int)>)[("gpt2", 1), ("gpt2", 3), ("gpt2", 4), ("llama", 1), ("llama", 3), ("llama", 4)])
        {
            var forge = new GgufForge().String(Prefix + "model", model).Strings(Prefix + "merges", "a a")
                .Key(Prefix + "tokens", (uint)GgufValueType.Array, GgufForge.Array(GgufValueType.String, (ulong)tokens.Count, [.. tokens.SelectMany(GgufForge.Text)]))
                .Integers(Prefix + "token_type", GgufValueType.Int32, [.. tokens.Select(_ => (long)kind)]);
            var tokenizer = Open(Scores(forge, new float[tokens.Count]));
            foreach (var text in (string[])["", "a", "é▁ü a\0", "\uD800", "🦙"])
                Assert.All(tokenizer.Encode(text, true), token => Assert.InRange(token, 0, tokens.Count - 1));
            for (var token = 0; token < tokens.Count; token++) _ = tokenizer.Name(token) + tokenizer.Decode([token], special: true);
        }
    }

    [Fact]
    public void Scores_that_are_no_numbers_come_last()
    {
        var tokenizer = Open(SentencePiece([.. Pieces, "c", "bc"], scores: [0, 0, 0, 0, 0, float.NaN, 0, 0, -1000]));
        Assert.Equal(["▁", "a", "bc"], tokenizer.Encode("abc", false).Select(tokenizer.Name));
    }

    [Fact]
    public void Tokens_that_do_not_exist_are_refused()
    {
        var tokenizer = Open(SentencePiece(Pieces));
        foreach (var token in (int[])[-1, Pieces.Length, int.MaxValue, int.MinValue])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.Bytes(token).Length);
            Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.Name(token));
            Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.Decode([token]));
            Assert.False(tokenizer.IsEndOfGeneration(token));
        }
    }

    [Fact]
    public void Mutated_vocabularies_are_refused_or_work()
    {
        byte[][] files =
        [
            SentencePiece([.. Pieces, .. Bytes()]).ToArray(),
            ByteLevel([.. Pieces, "Ġ", "<|im_end|>"], ["a b", "Ġ ab"]).String(Prefix + "pre", "smollm").UInt32(Prefix + "eos_token_id", 2)
                .Integers(Prefix + "token_type", GgufValueType.Int32, 1, 3, 3, 1, 1, 1, 4, 1, 3).ToArray(),
        ];
        Gen.Select(Gen.Int[0, 1], Gen.Select(Gen.Int[0, 10_000], Gen.Byte).Array[1, 4]).Sample((which, changes) =>
        {
            var file = (byte[])files[which].Clone();
            foreach (var (at, value) in changes) file[24 + at % (file.Length - 24)] = value;
            try
            {
                var tokenizer = Tokenizer.FromGguf(GgufFile.Parse(file, "mutated.gguf"));
                var tokens = tokenizer.Encode("ab <s>b ab語<|im_end|>", true);
                _ = tokenizer.Decode(tokens, special: true);
            }
            catch (GgufException)
            {
            }
        }, iter: 5_000);
    }

    private static GgufForge SentencePiece(string[] tokens, float[]? scores = null, long[]? kinds = null)
    {
        var forge = new GgufForge().String(Prefix + "model", "llama").Strings(Prefix + "tokens", tokens);
        if (kinds is not null) forge.Integers(Prefix + "token_type", GgufValueType.Int32, kinds);
        return Scores(forge, scores ?? new float[tokens.Length]);
    }

    private static GgufForge ByteLevel(string[] tokens, string[] merges) =>
        new GgufForge().String(Prefix + "model", "gpt2").Strings(Prefix + "tokens", tokens).Strings(Prefix + "merges", merges);

    private static GgufForge Scores(GgufForge forge, float[] scores)
    {
        var bytes = new byte[4 * scores.Length];
        for (var i = 0; i < scores.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), scores[i]);
        return forge.Key(Prefix + "scores", (uint)GgufValueType.Array, GgufForge.Array(GgufValueType.Float32, (ulong)scores.Length, bytes));
    }

    private static IEnumerable<string> Bytes() => Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>");

    private static Tokenizer Open(GgufForge forge) => Tokenizer.FromGguf(GgufFile.Parse(forge.ToArray(), "forged.gguf"));

    private static void Refused(string key, GgufForge forge, params string[] named)
    {
        var error = Assert.Throws<GgufException>(() => Open(forge));
        Assert.Equal(Prefix + key, error.Field);
        Assert.All(named, word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
    }
}
