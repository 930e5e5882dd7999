using System.Text;
using Hotplug.Inference.Tokenization.PreTokenization;

namespace Hotplug.Inference.Tokenization;

/// <summary>
/// Byte-level BPE (Radford et al. 2019, GPT-2): the text is cut into words, the bytes of each word are spelled in printable characters
/// (<see cref="ByteAlphabet"/>), and these are joined in order of the merges.
/// </summary>
internal sealed class ByteLevelTokenizer : Tokenizer
{
    private readonly PreTokenizer _preTokenizer;
    private readonly Lazy<PieceIndex> _index;
    private readonly Lazy<MergeRanks> _ranks;

    /// <summary>Makes the tokenizer; the vocabulary has merges.</summary>
    public ByteLevelTokenizer(Vocabulary vocabulary, PreTokenizer preTokenizer) : base(vocabulary)
    {
        _preTokenizer = preTokenizer;
        _index = new(() => new(vocabulary, TokenKindSet.TextAndBytes));
        _ranks = new(() => new(vocabulary.Merges!));
    }

    private protected override void Encode(ReadOnlySpan<byte> text, List<Fragment> fragments, List<int> tokens)
    {
        var merger = new PairMerger();
        var spelled = new byte[64];
        var ends = new List<int>();
        foreach (var fragment in fragments)
        {
            if (!fragment.IsText)
            {
                tokens.Add(fragment.Token);
                continue;
            }

            var run = text[fragment.Start..fragment.End];
            var start = 0;
            _preTokenizer.Split(run, ends);
            foreach (var end in ends)
            {
                EncodeWord(run[start..end], merger, ref spelled, tokens);
                start = end;
            }
        }
    }

    private protected override int Write(int token, Span<byte> destination)
    {
        var piece = Vocabulary.Pieces[token];
        if (Vocabulary.Kinds[token] != TokenKind.UserDefined) return ByteAlphabet.Read(piece, destination);
        piece.CopyTo(destination);
        return piece.Length;
    }

    private void EncodeWord(ReadOnlySpan<byte> word, PairMerger merger, ref byte[] spelled, List<int> tokens)
    {
        if (spelled.Length < 2L * word.Length) spelled = new byte[checked(2 * word.Length)];
        merger.Clear();
        var length = 0;
        foreach (var value in word)
        {
            var characterLength = ByteAlphabet.Write(value, spelled.AsSpan(length));
            merger.Add(characterLength);
            length += characterLength;
        }

        ReadOnlySpan<byte> text = spelled.AsSpan(0, length);
        if (_preTokenizer.IgnoresMerges && _index.Value.Find(text) is >= 0 and var whole)
        {
            tokens.Add(whole);
            return;
        }

        merger.Merge(new MergeRanker(text, _ranks.Value));
        for (var cursor = 0; merger.TryNext(ref cursor, out var range);) Emit(text[range], tokens);
    }

    // A vocabulary that lacks a byte cannot express it: nothing stands there, as in llama.cpp. Its unknown token would: often it is the one that ends texts.
    private void Emit(ReadOnlySpan<byte> symbol, List<int> tokens)
    {
        if (_index.Value.Find(symbol) is >= 0 and var token)
        {
            tokens.Add(token);
            return;
        }

        for (int character; !symbol.IsEmpty; symbol = symbol[character..])
        {
            Rune.DecodeFromUtf8(symbol, out _, out character);
            var fallback = _index.Value.Find(symbol[..character]);
            if (fallback >= 0) tokens.Add(fallback);
        }
    }
}
