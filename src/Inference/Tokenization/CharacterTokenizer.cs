using System.Text;
using Hotplug.Inference.Tokenization.PreTokenization;

namespace Hotplug.Inference.Tokenization;

/// <summary>
/// BPE over characters (Gemma 4 and its kin): blanks are written ▁, characters are joined in order of the merges line by line, and what has no token is spelled in byte tokens.
/// </summary>
internal sealed class CharacterTokenizer : Tokenizer
{
    private readonly PreTokenizer _preTokenizer;
    private readonly Lazy<PieceIndex> _index;
    private readonly Lazy<MergeRanks> _ranks;
    private readonly ByteTokens _bytes;

    /// <summary>Makes the tokenizer; the vocabulary has merges.</summary>
    public CharacterTokenizer(Vocabulary vocabulary, PreTokenizer preTokenizer) : base(vocabulary)
    {
        _preTokenizer = preTokenizer;
        _index = new(() => new(vocabulary, TokenKindSet.Text));
        _ranks = new(() => new(vocabulary.Merges!));
        _bytes = new(vocabulary);
    }

    private protected override void Encode(ReadOnlySpan<byte> text, List<Fragment> fragments, List<int> tokens)
    {
        var merger = new PairMerger();
        var ends = new List<int>();
        foreach (var fragment in fragments)
        {
            if (!fragment.IsText)
            {
                tokens.Add(fragment.Token);
                continue;
            }

            var escaped = BlankPieces.Escape(text[fragment.Start..fragment.End], prefix: false);
            var start = 0;
            _preTokenizer.Split(escaped, ends);
            foreach (var end in ends)
            {
                EncodeLine(escaped.AsSpan(start, end - start), merger, tokens);
                start = end;
            }
        }
    }

    private protected override int Write(int token, Span<byte> destination) => BlankPieces.Write(Vocabulary, token, destination);

    private void EncodeLine(ReadOnlySpan<byte> line, PairMerger merger, List<int> tokens)
    {
        if (_preTokenizer.KeepsLineFeeds && line[0] == '\n' && _index.Value.Find(line) is >= 0 and var feeds)
        {
            tokens.Add(feeds);
            return;
        }

        merger.Clear();
        for (var at = 0; at < line.Length;)
        {
            Rune.DecodeFromUtf8(line[at..], out _, out var character);
            merger.Add(character);
            at += character;
        }

        merger.Merge(new MergeRanker(line, _ranks.Value));
        for (var cursor = 0; merger.TryNext(ref cursor, out var range);)
        {
            if (_index.Value.Find(line[range]) is >= 0 and var token) tokens.Add(token);
            else
                foreach (var value in line[range])
                    if (_bytes[value] is >= 0 and var fallback) tokens.Add(fallback);
        }
    }
}
