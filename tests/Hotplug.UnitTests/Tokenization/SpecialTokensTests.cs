using System.Text;
using CsCheck;
using Hotplug.Inference.Tokenization;
using Hotplug.Inference.Tokenization.PreTokenization;
using Xunit;

namespace Hotplug.UnitTests.Tokenization;

public sealed class SpecialTokensTests
{
    private static readonly Gen<string> Text = Gen.Char["ab<>"].Array[0, 40].Select(letters => new string(letters));

    [Fact]
    public void Fragments_are_those_of_searching_token_by_token() =>
        Gen.Select(Gen.Char["ab<>"].Array[0, 5].Select(letters => new string(letters)).Array[0, 8], Text).Sample((tokens, text) =>
        {
            var vocabulary = new Vocabulary
            {
                Pieces = TestVocabularies.Pieces(tokens), Kinds = Array.ConvertAll(tokens, _ => TokenKind.Control), EndOfGeneration = new HashSet<int>(),
            };
            var fragments = new SpecialTokens(vocabulary, TokenKindSet.Special).Split(Encoding.UTF8.GetBytes(text));
            Assert.Equal(Naive(tokens, text), fragments);
        }, iter: 5000);

    [Fact]
    public void Control_tokens_come_of_text_only_if_asked()
    {
        var vocabulary = TestVocabularies.ByteLevel([("<", "s"), ("<s", ">")], ("<s>", TokenKind.Control), ("<|u|>", TokenKind.UserDefined), ("<unk>", TokenKind.Unknown));
        var tokenizer = new ByteLevelTokenizer(vocabulary, new PreTokenizer());
        int Id(TokenKind kind) => Array.IndexOf(vocabulary.Kinds, kind);
        var (control, user, unknown) = (Id(TokenKind.Control), Id(TokenKind.UserDefined), Id(TokenKind.Unknown));
        Assert.Equal([control, 'a' - '!', user, unknown], tokenizer.Encode("<s>a<|u|><unk>", false).Select(Spelled));
        var plain = tokenizer.Encode("<s>a<|u|><unk>", false, parseSpecial: false);
        Assert.Contains(user, plain);
        Assert.DoesNotContain(control, plain);
        Assert.DoesNotContain(unknown, plain);
        Assert.Equal("a<|u|>", tokenizer.Decode(tokenizer.Encode("<s>a<|u|><unk>", false)));
        Assert.Equal("<s>a<|u|><unk>", tokenizer.Decode(tokenizer.Encode("<s>a<|u|><unk>", false), special: true));
        Assert.Equal("<s>a<|u|><unk>", tokenizer.Decode(plain));

        int Spelled(int token) => tokenizer.Name(token) == "a" ? 'a' - '!' : token;
    }

    [Fact]
    public void No_spelling_of_plain_text_becomes_a_control_or_byte_token()
    {
        // Merges and pieces lead straight to the names.
        (string, float)[] pieces = [.. "</s>0xA".Select(letter => (letter.ToString(), 0f)), ("</", 1), ("s>", 1), ("<0", 1), ("x0", 1), ("A>", 1), ("<0x0", 1)];
        var tokenizer = new SentencePieceTokenizer(TestVocabularies.SentencePiece(pieces, false, ("</s>", TokenKind.Control)));
        Assert.All(tokenizer.Encode("</s><0x0A>", false, parseSpecial: false), token => Assert.Equal(TokenKind.Normal, tokenizer.Kind(token)));
    }

    [Fact]
    public void The_blank_is_put_before_text_at_the_start_and_after_special_tokens()
    {
        (string, float)[] pieces = [("▁", 0), ("a", 0), ("▁a", 1), ("b", 0)];
        var tokenizer = new SentencePieceTokenizer(TestVocabularies.SentencePiece(pieces, true, ("<s>", TokenKind.Control)));
        string Names(string text) => string.Join(' ', tokenizer.Encode(text, false).Select(tokenizer.Name));
        Assert.Equal("▁a b <s> ▁a <s> ▁ b", Names("ab<s>a<s>b"));
        Assert.Equal("<s>", Names("<s>"));
        Assert.Equal("", Names(""));
        Assert.Equal("ab<s>a<s>b", tokenizer.Decode(tokenizer.Encode("ab<s>a<s>b", false), special: true));
        Assert.Equal(" a", tokenizer.Decode(tokenizer.Encode(" a", false)));
        Assert.Equal(" a"u8, tokenizer.Bytes(tokenizer.Encode("a", false)[0]));
    }

    // Each token, longest first, is searched in what is still text.
    private static List<Fragment> Naive(string[] tokens, string text)
    {
        var fragments = new List<Fragment>();
        if (text.Length > 0) fragments.Add(new(0, text.Length, Fragment.Text));
        foreach (var (id, token) in tokens.Index().Where(item => item.Item.Length > 0 && Array.LastIndexOf(tokens, item.Item) == item.Index).OrderByDescending(item => item.Item.Length))
            for (var i = 0; i < fragments.Count; i++)
            {
                if (!fragments[i].IsText) continue;
                var (start, end) = (fragments[i].Start, fragments[i].End);
                var at = text[start..end].IndexOf(token, StringComparison.Ordinal);
                if (at < 0) continue;
                fragments.RemoveAt(i);
                if (start + at + token.Length < end) fragments.Insert(i, new(start + at + token.Length, end, Fragment.Text));
                fragments.Insert(i, new(start + at, start + at + token.Length, id));
                if (at > 0) fragments.Insert(i, new(start, start + at, Fragment.Text));
            }

        return fragments;
    }
}
