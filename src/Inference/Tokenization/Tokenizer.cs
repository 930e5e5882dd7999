using System.Buffers;
using System.Text;

namespace Hotplug.Inference.Tokenization;

/// <summary>
/// Turns text into the tokens of a model and back. Made by <c>FromGguf</c>; owns its data, so the file may be closed.
/// Immutable; every member may be called from any thread.
/// </summary>
public abstract partial class Tokenizer
{
    private readonly Lazy<PieceTable> _written;
    private readonly Lazy<SpecialTokens> _special, _userDefined;

    private protected Tokenizer(Vocabulary vocabulary)
    {
        Vocabulary = vocabulary;
        _written = new(() => vocabulary.Pieces.Transform(Write));
        _userDefined = new(() => new(vocabulary, TokenKindSet.UserDefined));
        _special = new(() => new(vocabulary, TokenKindSet.Special));
    }

    private protected Vocabulary Vocabulary { get; }

    /// <summary>The same tokenizer, with the tables made that a first text would wait for.</summary>
    internal Tokenizer Prepared()
    {
        // Two letters: long enough to be looked up and merged.
        Encode("it", addSpecial: false);
        return this;
    }

    /// <summary>Number of tokens; ids are 0 to this less one.</summary>
    public int VocabularySize => Vocabulary.Count;

    /// <summary>The token that begins a sequence, if the model has one.</summary>
    public int? BeginningOfSequence => Vocabulary.BeginningOfSequence;

    /// <summary>The token that ends a sequence, if the model has one.</summary>
    public int? EndOfSequence => Vocabulary.EndOfSequence;

    /// <summary>True if the model wants <see cref="BeginningOfSequence"/> in front of a text.</summary>
    public bool AddsBeginningOfSequence => Vocabulary.AddsBeginningOfSequence;

    /// <summary>True if the model wants <see cref="EndOfSequence"/> behind a text.</summary>
    public bool AddsEndOfSequence => Vocabulary.AddsEndOfSequence;

    /// <summary>True for tokens with which a model ends its text: the end of sequence, of turn, of message and the like.</summary>
    public bool IsEndOfGeneration(int token) => Vocabulary.EndOfGeneration.Contains(token);

    /// <summary>What a token is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public TokenKind Kind(int token) => Vocabulary.Kinds[Checked(token)];

    /// <summary>The tokens of <paramref name="text"/>, in time that grows like n log n. A lone surrogate counts as U+FFFD.</summary>
    /// <param name="text">The text, taken literally; empty text has no tokens but those of <paramref name="addSpecial"/>.</param>
    /// <param name="addSpecial">Adds the tokens that begin and end a sequence, each if the model wants it.</param>
    /// <param name="parseSpecial">Texts of control tokens become those tokens. Off for text of untrusted origin: then none can come of it.</param>
    public int[] Encode(ReadOnlySpan<char> text, bool addSpecial, bool parseSpecial = true)
    {
        var tokens = new List<int>(text.Length / 3 + 4);
        if (addSpecial && AddsBeginningOfSequence && BeginningOfSequence is { } first) tokens.Add(first);
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetByteCount(text));
        try
        {
            var bytes = buffer.AsSpan(0, Encoding.UTF8.GetBytes(text, buffer));
            Encode(bytes, (parseSpecial ? _special : _userDefined).Value.Split(bytes), tokens);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (addSpecial && AddsEndOfSequence && EndOfSequence is { } last) tokens.Add(last);
        return [.. tokens];
    }

    /// <summary>
    /// What a token writes: UTF-8, possibly a fragment of a character. Valid as long as the tokenizer. The blank with which
    /// SentencePiece vocabularies begin a word is part of it; <see cref="Decode"/> takes away the one that encoding put in front.
    /// </summary>
    /// <param name="token">The token.</param>
    /// <param name="special">Control and unknown tokens write their names; otherwise they write nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public ReadOnlySpan<byte> Bytes(int token, bool special = false) =>
        Vocabulary.Kinds[Checked(token)] is TokenKind.Control or TokenKind.Unknown
            ? special ? Vocabulary.Pieces[token] : default
            : _written.Value[token];

    /// <summary>The text of <paramref name="tokens"/>. Bytes that are not UTF-8 become U+FFFD.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="special">Control and unknown tokens write their names; otherwise they write nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public string Decode(ReadOnlySpan<int> tokens, bool special = false)
    {
        var text = new ArrayBufferWriter<byte>(4 * tokens.Length + 1);
        var atStart = true;
        foreach (var token in tokens)
        {
            var bytes = Bytes(token, special);
            var isText = !TokenKindSet.Special.Has(Vocabulary.Kinds[token]);
            if (atStart && isText && Vocabulary.AddsSpacePrefix && bytes.StartsWith(" "u8)) bytes = bytes[1..];
            text.Write(bytes);
            atStart = !isText;
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>How the vocabulary spells a token, for people: <c>Ġthe</c>, <c>▁the</c>, <c>&lt;0x0A&gt;</c>, <c>&lt;s&gt;</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public string Name(int token) => Encoding.UTF8.GetString(Vocabulary.Pieces[Checked(token)]);

    /// <summary>Appends the tokens of all fragments of <paramref name="text"/>.</summary>
    private protected abstract void Encode(ReadOnlySpan<byte> text, List<Fragment> fragments, List<int> tokens);

    /// <summary>Writes what a token other than control and unknown ones writes; never more than its piece has bytes.</summary>
    private protected abstract int Write(int token, Span<byte> destination);

    private int Checked(int token) => (uint)token < (uint)VocabularySize
        ? token
        : throw new ArgumentOutOfRangeException(nameof(token), token, $"The vocabulary has tokens 0 to {VocabularySize - 1}.");
}
