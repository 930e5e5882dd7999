using Hotplug.Inference.Gguf;
using Hotplug.Inference.Tokenization;
using Hotplug.UnitTests.Gguf;
using Xunit;

namespace Hotplug.UnitTests.Tokenization;

/// <summary>What a file says about its vocabulary, and what holds where it says nothing.</summary>
public sealed class TokenizerFactsTests
{
    private const string Prefix = "tokenizer.ggml.";

    [Fact]
    public void SentencePiece_defaults_hold_where_the_file_says_nothing()
    {
        var tokenizer = Open(SentencePiece("<unk>", "<s>", "</s>", "▁a", "▁", "a"));
        Assert.Equal((6, 1, 2), (tokenizer.VocabularySize, tokenizer.BeginningOfSequence, tokenizer.EndOfSequence));
        Assert.True(tokenizer.AddsBeginningOfSequence);
        Assert.False(tokenizer.AddsEndOfSequence);
        Assert.True(tokenizer.IsEndOfGeneration(2));
        Assert.False(tokenizer.IsEndOfGeneration(1));
        Assert.Equal(TokenKind.Control, tokenizer.Kind(1));
        Assert.Equal([1], tokenizer.Encode("", addSpecial: true));
        Assert.Equal([], tokenizer.Encode("", addSpecial: false));
    }

    [Fact]
    public void Begin_and_end_are_added_as_the_file_says()
    {
        var tokenizer = Open(ByteLevel("a", "b", "<e>").UInt32(Prefix + "bos_token_id", 1).UInt32(Prefix + "eos_token_id", 2)
            .Integer(Prefix + "add_bos_token", GgufValueType.Bool, 1).Integer(Prefix + "add_eos_token", GgufValueType.Bool, 1));
        Assert.Equal([1, 0, 2], tokenizer.Encode("a", addSpecial: true));
        Assert.Equal([0], tokenizer.Encode("a", addSpecial: false));
        Assert.Equal([0, 2], tokenizer.Encode("a<e>", addSpecial: false));
    }

    [Fact]
    public void A_byte_level_file_that_says_nothing_has_no_begin_and_no_end()
    {
        var tokenizer = Open(ByteLevel("a", "b"));
        Assert.Null(tokenizer.BeginningOfSequence);
        Assert.Null(tokenizer.EndOfSequence);
        Assert.False(tokenizer.AddsBeginningOfSequence);
    }

    [Fact]
    public void Ends_of_generation_are_known_by_number_and_by_name()
    {
        var tokenizer = Open(ByteLevel("a", "<|im_end|>", "<|eot_id|>", "b", "c", "<|im_start|>").UInt32(Prefix + "eos_token_id", 3).UInt32(Prefix + "eot_token_id", 4));
        Assert.Equal([1, 2, 3, 4], Enumerable.Range(0, 6).Where(tokenizer.IsEndOfGeneration));
        // The name makes it a control token, whatever the file calls it.
        Assert.Equal(TokenKind.Control, tokenizer.Kind(1));
        Assert.Equal([1], tokenizer.Encode("<|im_end|>", false));
        Assert.Equal("", tokenizer.Decode([1]));
    }

    [Fact]
    public void The_end_of_a_part_is_no_end_where_a_model_ends_with_return_and_call()
    {
        var tokenizer = Open(ByteLevel("<|end|>", "<|return|>", "<|call|>"));
        Assert.Equal([1, 2], Enumerable.Range(0, 3).Where(tokenizer.IsEndOfGeneration));
        tokenizer = Open(ByteLevel("<|end|>", "<|return|>"));
        Assert.Equal([0, 1], Enumerable.Range(0, 2).Where(tokenizer.IsEndOfGeneration));
    }

    [Fact]
    public void A_character_without_a_token_is_spelled_in_bytes_else_unknown_and_in_byte_level_vocabularies_left_out()
    {
        Assert.Equal([3, 4, 0], Open(SentencePiece("<unk>", "<s>", "</s>", "<0xC3>", "<0xA9>").Integer(Prefix + "add_space_prefix", GgufValueType.Bool, 0)).Encode("éz", false));
        Assert.Equal([0], Open(ByteLevel("a", "<u>").UInt32(Prefix + "unknown_token_id", 1)).Encode("zaz", false));
        Assert.Equal([0], Open(ByteLevel("a")).Encode("zaz", false));
    }

    [Fact]
    public void Tokens_write_bytes_and_not_names()
    {
        var tokenizer = Open(SentencePiece("<unk>", "<s>", "</s>", "<0xC3>", "▁a▁", "▁"));
        Assert.Equal("", Show(0));
        Assert.Equal("", Show(1));
        Assert.Equal("<s>", System.Text.Encoding.UTF8.GetString(tokenizer.Bytes(1, special: true)));
        Assert.Equal([0xC3], tokenizer.Bytes(3).ToArray());
        Assert.Equal(" a ", Show(4));
        Assert.Equal("▁a▁", tokenizer.Name(4));

        var bytes = Open(ByteLevel("Ġa", "Ċ", "Ã", "語"));
        Assert.Equal(" a"u8.ToArray(), bytes.Bytes(0).ToArray());
        Assert.Equal("\n"u8.ToArray(), bytes.Bytes(1).ToArray());
        Assert.Equal([0xC3], bytes.Bytes(2).ToArray());
        // No spelling of a byte: it stands for itself.
        Assert.Equal("語"u8.ToArray(), bytes.Bytes(3).ToArray());

        string Show(int token) => System.Text.Encoding.UTF8.GetString(tokenizer.Bytes(token));
    }

    [Fact]
    public void Every_byte_has_one_spelling_and_comes_back()
    {
        var spellings = Enumerable.Range(0, 256).Select(value => TestVocabularies.Spell((byte)value)).ToArray();
        Assert.Equal(256, spellings.Distinct().Count());
        Assert.Equal("Ġ", spellings[' ']);
        Assert.Equal("Ċ", spellings['\n']);
        Span<byte> read = stackalloc byte[2];
        for (var value = 0; value < 256; value++)
        {
            Assert.Equal(1, ByteAlphabet.Read(System.Text.Encoding.UTF8.GetBytes(spellings[value]), read));
            Assert.Equal(value, read[0]);
        }
    }

    private static GgufForge SentencePiece(params string[] tokens) =>
        new GgufForge().String(Prefix + "model", "llama").Strings(Prefix + "tokens", tokens)
            .Key(Prefix + "scores", (uint)GgufValueType.Array, GgufForge.Array(GgufValueType.Float32, (ulong)tokens.Length, new byte[4 * tokens.Length]));

    private static GgufForge ByteLevel(params string[] tokens) =>
        new GgufForge().String(Prefix + "model", "gpt2").Strings(Prefix + "tokens", tokens).Strings(Prefix + "merges");

    private static Tokenizer Open(GgufForge forge) => Tokenizer.FromGguf(GgufFile.Parse(forge.ToArray(), "forged.gguf"));
}
