using System.Globalization;
using System.Text;

namespace Hotplug.Inference.Tokenization;

/// <summary>
/// SentencePiece BPE (Kudo, Richardson 2018): characters are joined in order of the score of the token they make; blanks are written ▁;
/// characters without a token are spelled in byte tokens.
/// </summary>
internal sealed class SentencePieceTokenizer : Tokenizer
{
    private static ReadOnlySpan<byte> Blank => "▁"u8;

    private readonly Lazy<PieceIndex> _index;
    private readonly int[] _byteTokens;

    /// <summary>Makes the tokenizer; the vocabulary has scores, and its byte tokens are well named.</summary>
    public SentencePieceTokenizer(Vocabulary vocabulary) : base(vocabulary)
    {
        _byteTokens = new int[256];
        Array.Fill(_byteTokens, -1);
        for (var id = 0; id < vocabulary.Count; id++)
            if (ByteOf(vocabulary.Pieces[id]) is { } value && vocabulary.Kinds[id] is TokenKind.Byte or TokenKind.Normal)
                _byteTokens[value] = id;
        _index = new(() => new(vocabulary, TokenKindSet.Text));
    }

    /// <summary>The byte that a piece of the form <c>&lt;0xNN&gt;</c> names, or null for any other text.</summary>
    public static byte? ByteOf(ReadOnlySpan<byte> piece) =>
        piece.Length == 6 && piece.StartsWith("<0x"u8) && piece[5] == '>'
        && byte.TryParse(piece[3..5], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null;

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

    private protected override int Write(int token, Span<byte> destination)
    {
        var piece = Vocabulary.Pieces[token];
        if (Vocabulary.Kinds[token] == TokenKind.Byte)
        {
            if (ByteOf(piece) is not { } value) return 0;
            destination[0] = value;
            return 1;
        }

        // User-defined pieces stand for exactly their text.
        if (Vocabulary.Kinds[token] == TokenKind.UserDefined) return Copy(piece, destination);
        var written = 0;
        for (int at; (at = piece.IndexOf(Blank)) >= 0; piece = piece[(at + Blank.Length)..])
        {
            written += Copy(piece[..at], destination[written..]);
            destination[written++] = (byte)' ';
        }

        return written + Copy(piece, destination[written..]);

        static int Copy(ReadOnlySpan<byte> from, Span<byte> to)
        {
            from.CopyTo(to);
            return from.Length;
        }
    }

    private void EncodeText(ReadOnlySpan<byte> text, bool prefix, PairMerger merger, List<int> tokens)
    {
        var escaped = new byte[checked(text.Length + (Blank.Length - 1) * text.Count((byte)' ') + (prefix ? Blank.Length : 0))];
        var length = 0;
        merger.Clear();
        if (prefix) Add(Blank);
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out _, out var character);
            Add(text[0] == ' ' ? Blank : text[..character]);
            text = text[character..];
        }

        merger.Merge(new ScoreRanker(escaped, _index.Value, Vocabulary.Scores!));
        for (var cursor = 0; merger.TryNext(ref cursor, out var range);) Emit(escaped.AsSpan(range), tokens);

        void Add(ReadOnlySpan<byte> symbol)
        {
            symbol.CopyTo(escaped.AsSpan(length));
            length += symbol.Length;
            merger.Add(symbol.Length);
        }
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
            var fallback = _byteTokens[symbol[i]];
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
