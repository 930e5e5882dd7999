using System.Text;

namespace Hotplug.Inference.Tokenization;

/// <summary>
/// SentencePiece BPE (Kudo, Richardson 2018): characters are joined in order of the score of the token they make; blanks are written ▁;
/// characters without a token are spelled in byte tokens.
/// </summary>
internal sealed class SentencePieceTokenizer : Tokenizer
{
    private readonly Lazy<PieceIndex> _index;
    private readonly ByteTokens _bytes;

    /// <summary>Makes the tokenizer; the vocabulary has scores, and its byte tokens are well named.</summary>
    public SentencePieceTokenizer(Vocabulary vocabulary) : base(vocabulary)
    {
        _bytes = new(vocabulary);
        _index = new(() => new(vocabulary, TokenKindSet.Text));
    }

    private protected override void Encode(ReadOnlySpan<byte> text, List<Fragment> fragments, List<int> tokens)
    {
        var merger = new PairMerger();
        var afterSpecial = true;
        foreach (var fragment in fragments)
        {
            if (fragment.IsText) EncodeText(text[fragment.Start..fragment.End], afterSpecial && Vocabulary.AddsSpacePrefix, merger, tokens);
            else tokens.Add(fragment.Token);
            afterSpecial = !fragment.IsText;
        }
    }

    private protected override int Write(int token, Span<byte> destination) => BlankPieces.Write(Vocabulary, token, destination);

    private void EncodeText(ReadOnlySpan<byte> text, bool prefix, PairMerger merger, List<int> tokens)
    {
        var escaped = BlankPieces.Escape(text, prefix);
        merger.Clear();
        for (var at = 0; at < escaped.Length;)
        {
            Rune.DecodeFromUtf8(escaped.AsSpan(at), out _, out var character);
            merger.Add(character);
            at += character;
        }

        merger.Merge(new ScoreRanker(escaped, _index.Value, Vocabulary.Scores!));
        for (var cursor = 0; merger.TryNext(ref cursor, out var range);) Emit(escaped.AsSpan(range), tokens);
    }

    private void Emit(ReadOnlySpan<byte> symbol, List<int> tokens)
    {
        if (_index.Value.Find(symbol) is >= 0 and var token)
        {
            tokens.Add(token);
            return;
        }

        for (var i = 0; i < symbol.Length; i++)
        {
            var fallback = _bytes[symbol[i]];
            if (fallback < 0) fallback = _index.Value.Find(symbol.Slice(i, 1));
            if (fallback < 0) fallback = Vocabulary.UnknownToken ?? -1;
            if (fallback >= 0) tokens.Add(fallback);
        }
    }

    private readonly ref struct ScoreRanker(ReadOnlySpan<byte> text, PieceIndex index, float[] scores) : IPairRanker
    {
        private readonly ReadOnlySpan<byte> _text = text;

        public bool TryRank(int start, int middle, int end, out uint rank)
        {
            var token = index.Find(_text[start..end]);
            rank = token < 0 ? 0 : Descending(scores[token]);
            return token >= 0;
        }

        // Order of the floats turned round, as integers; the sum makes both zeros one, and NaN comes last.
        private static uint Descending(float score)
        {
            if (float.IsNaN(score)) return uint.MaxValue;
            var bits = BitConverter.SingleToUInt32Bits(score + 0f);
            return (bits & 0x8000_0000) != 0 ? bits : bits ^ 0x7FFF_FFFF;
        }
    }
}
