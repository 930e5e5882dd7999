using System.Globalization;
using System.Text;

namespace Hotplug.Inference.Tokenization;

/// <summary>
/// WordPiece (Schuster, Nakajima 2012), as BERT has it: text is cut at blanks and punctuation, on request in lower case and without accents, and each word is taken apart
/// into the longest tokens from left to right; a word that cannot be is one unknown token. Words begin with ▁.
/// </summary>
internal sealed class WordPieceTokenizer : Tokenizer
{
    private readonly WordNormalizer _normalizer;
    private readonly Lazy<PieceIndex> _index;

    /// <summary>Makes the tokenizer.</summary>
    public WordPieceTokenizer(Vocabulary vocabulary, WordNormalizer normalizer) : base(vocabulary)
    {
        _normalizer = normalizer;
        _index = new(() => new(vocabulary, TokenKindSet.All));
    }

    private protected override void Encode(ReadOnlySpan<byte> text, List<Fragment> fragments, List<int> tokens)
    {
        var word = new List<byte>();
        foreach (var fragment in fragments)
        {
            if (!fragment.IsText)
            {
                tokens.Add(fragment.Token);
                continue;
            }

            var rest = text[fragment.Start..fragment.End];
            while (!rest.IsEmpty)
            {
                Rune.DecodeFromUtf8(rest, out var rune, out var length);
                rest = rest[length..];
                var kind = Rune.GetUnicodeCategory(rune);
                if (Rune.IsWhiteSpace(rune))
                {
                    Flush(word, tokens);
                    continue;
                }

                if (!_normalizer.TryNormalize(rune, out var normalized, out var isWord)) continue;
                if (isWord) Flush(word, tokens);
                Append(word, normalized);
                if (isWord) Flush(word, tokens);
            }
            Flush(word, tokens);
        }
    }

    private protected override int Write(int token, Span<byte> destination) => BlankPieces.Write(Vocabulary, token, destination);

    private static void Append(List<byte> word, Rune rune)
    {
        if (word.Count == 0) word.AddRange(BlankPieces.Blank);
        Span<byte> bytes = stackalloc byte[4];
        word.AddRange(bytes[..rune.EncodeToUtf8(bytes)]);
    }

    private void Flush(List<byte> word, List<int> tokens)
    {
        if (word.Count == 0) return;
        var first = tokens.Count;
        var text = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(word);
        for (var at = 0; at < text.Length;)
        {
            var token = -1;
            var length = Math.Min(text.Length - at, _index.Value.LongestPiece);
            for (; length > 0 && (token = _index.Value.Find(text.Slice(at, length))) < 0; length--) { }
            if (token < 0)
            {
                tokens.RemoveRange(first, tokens.Count - first);
                if (Vocabulary.UnknownToken is { } unknown) tokens.Add(unknown);
                break;
            }
            tokens.Add(token);
            at += length;
        }
        word.Clear();
    }
}
