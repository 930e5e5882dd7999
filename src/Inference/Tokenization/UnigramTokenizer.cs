using System.Buffers;
using System.Text;

namespace Hotplug.Inference.Tokenization;

/// <summary>
/// Unigram (Kudo 2018), as T5 has it: of all ways to cut a text into tokens the one whose scores add up to most, found from left to right (Viterbi). Characters without a token
/// count as unknown, ten below the worst score; several in a row are one unknown token.
/// </summary>
internal sealed class UnigramTokenizer : Tokenizer
{
    private const double Penalty = 10;
    private static readonly TokenKindSet Members = TokenKindSet.Of(TokenKind.Normal, TokenKind.UserDefined, TokenKind.Unused);

    private readonly CharacterMap? _map;
    private readonly Lazy<ByteTrie> _trie, _userDefined;
    private readonly int _unknown;
    private readonly double _unknownScore;

    /// <summary>Makes the tokenizer; the vocabulary has scores and an unknown token.</summary>
    public UnigramTokenizer(Vocabulary vocabulary, CharacterMap? map) : base(vocabulary)
    {
        _map = map;
        _trie = new(() => new(vocabulary, Members));
        _userDefined = new(() => new(vocabulary, TokenKindSet.UserDefined));
        _unknown = vocabulary.UnknownToken!.Value;
        var worst = float.MaxValue;
        for (var id = 0; id < vocabulary.Count; id++)
            if (vocabulary.Kinds[id] == TokenKind.Normal) worst = Math.Min(worst, vocabulary.Scores![id]);
        _unknownScore = (float)(worst - Penalty);
    }

    private protected override void Encode(ReadOnlySpan<byte> text, List<Fragment> fragments, List<int> tokens)
    {
        foreach (var fragment in fragments)
        {
            if (fragment.IsText) EncodeText(Normalize(text[fragment.Start..fragment.End]), tokens);
            else tokens.Add(fragment.Token);
        }
    }

    private protected override int Write(int token, Span<byte> destination) => BlankPieces.Write(Vocabulary, token, destination);

    private byte[] Normalize(ReadOnlySpan<byte> text)
    {
        var normalized = new List<byte>(text.Length * 2 + 3);
        var (prepended, inWord) = (false, false);
        while (!text.IsEmpty)
        {
            var piece = Next(text, out var consumed);
            text = text[consumed..];
            foreach (var value in piece)
            {
                if (value == ' ')
                {
                    inWord = false;
                    if (!Vocabulary.MergesBlanks) normalized.AddRange(BlankPieces.Blank);
                    continue;
                }

                if (!inWord && (Vocabulary.AddsSpacePrefix && !prepended || Vocabulary.MergesBlanks))
                {
                    normalized.AddRange(BlankPieces.Blank);
                    prepended = true;
                }
                inWord = true;
                normalized.Add(value);
            }
        }
        return [.. normalized];
    }

    // What the beginning of the text becomes, and how long that beginning is.
    private ReadOnlySpan<byte> Next(ReadOnlySpan<byte> text, out int consumed)
    {
        // Text of user-defined tokens stays as it is, even where only a beginning of one is there.
        if ((consumed = _userDefined.Value.PathLength(text)) > 0) return text[..consumed];
        if (_map is not null && _map.Replace(text, out consumed) is var replacement && consumed > 0) return replacement;
        if (Rune.DecodeFromUtf8(text, out _, out consumed) == OperationStatus.Done) return text[..consumed];
        consumed = 1;
        return "\uFFFD"u8;
    }

    private void EncodeText(byte[] text, List<int> tokens)
    {
        if (text.Length == 0) return;
        var trie = _trie.Value;
        var best = new Step[text.Length + 1];
        Array.Fill(best, new(_unknown, 0, double.MinValue));
        best[0] = new(_unknown, 0, 0);
        for (var start = 0; start < text.Length;)
        {
            Rune.DecodeFromUtf8(text.AsSpan(start), out _, out var character);
            var hasOwnToken = false;
            var score = best[start].Score;
            var node = ByteTrie.Root;
            for (var end = start; end < text.Length && (node = trie.Next(node, text[end])) != ByteTrie.None;)
            {
                end++;
                if (trie.TokenAt(node) is var token && token < 0) continue;
                hasOwnToken |= end - start == character;
                Offer(end, token, Vocabulary.Kinds[token] == TokenKind.UserDefined ? 0 : Vocabulary.Scores![token]);
            }

            if (!hasOwnToken) Offer(start + character, _unknown, _unknownScore);
            start += character;

            void Offer(int end, int token, double tokenScore)
            {
                if (score + tokenScore > best[end].Score) best[end] = new(token, start, score + tokenScore);
            }
        }

        var first = tokens.Count;
        for (var at = text.Length; at > 0; at = best[at].Start)
        {
            var token = best[at].Token;
            // Neighbouring unknown characters are one.
            if (token != _unknown || at == text.Length || tokens[^1] != _unknown) tokens.Add(token);
        }
        tokens.Reverse(first, tokens.Count - first);
    }

    private readonly record struct Step(int Token, int Start, double Score);
}
