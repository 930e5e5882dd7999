using System.Runtime.CompilerServices;
using System.Text;
using Hotplug.Inference.Gguf;

namespace Hotplug.Inference.Tokenization;

/// <summary>Reads vocabularies and refuses those that contradict themselves, so that tokenizers need not look out.</summary>
internal static class VocabularyReader
{
    private const string Reconvert = "The file is damaged or was made by a faulty tool; convert the original model again";

    /// <summary>Files may write this for "there is none".</summary>
    private const long NoToken = uint.MaxValue;

    /// <summary>Reads a vocabulary of kind <c>llama</c>. Missing keys take SentencePiece's defaults: unknown 0, begin 1, end 2.</summary>
    public static Vocabulary ReadSentencePiece(GgufMetadata metadata)
    {
        var pieces = ReadPieces(metadata);
        metadata.RequireLength(VocabularyKeys.Scores, pieces.Count);
        if (!metadata.TryGetFloatArray(VocabularyKeys.Scores, out var scores))
            throw metadata.Invalid(VocabularyKeys.Scores, "a SentencePiece vocabulary needs scores, and the file has none", Reconvert);

        var unknown = ReadToken(metadata, VocabularyKeys.Unknown, pieces.Count, 0);
        var begin = ReadToken(metadata, VocabularyKeys.BeginningOfSequence, pieces.Count, 1);
        var end = ReadToken(metadata, VocabularyKeys.EndOfSequence, pieces.Count, 2);
        if (ReadKinds(metadata, pieces.Count) is not { } kinds)
        {
            kinds = [.. Enumerable.Range(0, pieces.Count)
                .Select(id => SentencePieceTokenizer.ByteOf(pieces[id]) is null ? TokenKind.Normal : TokenKind.Byte)];
            Mark(kinds, begin, end, unknown);
        }

        for (var id = Array.IndexOf(kinds, TokenKind.Byte); id >= 0; id = Array.IndexOf(kinds, TokenKind.Byte, id + 1))
            if (SentencePieceTokenizer.ByteOf(pieces[id]) is null)
                throw metadata.Invalid(VocabularyKeys.Tokens, $"token {id} is a byte token, but '{Encoding.UTF8.GetString(pieces[id])}' names no byte; <0x00> to <0xFF> do", Reconvert);

        return new()
        {
            Pieces = pieces,
            Scores = scores,
            Kinds = kinds,
            EndOfGeneration = ReadEndOfGeneration(metadata, pieces, kinds, end),
            UnknownToken = unknown,
            BeginningOfSequence = begin,
            EndOfSequence = end,
            AddsBeginningOfSequence = Adds(metadata, VocabularyKeys.AddsBeginningOfSequence, VocabularyKeys.BeginningOfSequence, begin, true),
            AddsEndOfSequence = Adds(metadata, VocabularyKeys.AddsEndOfSequence, VocabularyKeys.EndOfSequence, end, false),
            AddsSpacePrefix = metadata.GetBool(VocabularyKeys.AddsSpacePrefix, true),
        };
    }

    /// <summary>Reads a vocabulary of kind <c>gpt2</c>.</summary>
    public static Vocabulary ReadByteLevel(GgufMetadata metadata, bool addsBeginningOfSequence)
    {
        var pieces = ReadPieces(metadata);
        var unknown = ReadToken(metadata, VocabularyKeys.Unknown, pieces.Count);
        var begin = ReadToken(metadata, VocabularyKeys.BeginningOfSequence, pieces.Count);
        var end = ReadToken(metadata, VocabularyKeys.EndOfSequence, pieces.Count);
        if (ReadKinds(metadata, pieces.Count) is not { } kinds)
        {
            kinds = new TokenKind[pieces.Count];
            Array.Fill(kinds, TokenKind.Normal);
            Mark(kinds, begin, end, unknown);
        }

        return new()
        {
            Pieces = pieces,
            Merges = ReadMerges(metadata),
            Kinds = kinds,
            EndOfGeneration = ReadEndOfGeneration(metadata, pieces, kinds, end),
            UnknownToken = unknown,
            BeginningOfSequence = begin,
            EndOfSequence = end,
            AddsBeginningOfSequence = Adds(metadata, VocabularyKeys.AddsBeginningOfSequence, VocabularyKeys.BeginningOfSequence, begin, addsBeginningOfSequence),
            AddsEndOfSequence = Adds(metadata, VocabularyKeys.AddsEndOfSequence, VocabularyKeys.EndOfSequence, end, false),
        };
    }

    private static PieceTable ReadPieces(GgufMetadata metadata)
    {
        if (!metadata.TryGetStringArray(VocabularyKeys.Tokens, out var tokens) || tokens.Count == 0)
            throw metadata.Invalid(VocabularyKeys.Tokens, "the file has no tokens", "Use a model that carries its vocabulary");
        return Checked(metadata, VocabularyKeys.Tokens, "token", tokens);
    }

    private static PieceTable ReadMerges(GgufMetadata metadata)
    {
        if (!metadata.TryGetStringArray(VocabularyKeys.Merges, out var merges))
            throw metadata.Invalid(VocabularyKeys.Merges, "a byte-level vocabulary needs merges, and the file has none", Reconvert);
        var pieces = Checked(metadata, VocabularyKeys.Merges, "merge", merges);
        return MergeRanks.FirstMalformed(pieces) is >= 0 and var rank
            ? throw metadata.Invalid(VocabularyKeys.Merges, $"merge {rank}, '{merges.GetString(rank)}', is not two pieces with a blank between them", Reconvert)
            : pieces;
    }

    private static PieceTable Checked(GgufMetadata metadata, string key, string what, GgufStringArray strings)
    {
        var pieces = new PieceTable(strings);
        return pieces.FirstLongerThan(Vocabulary.MaxPieceBytes) is >= 0 and var index
            ? throw metadata.Invalid(key, $"{what} {index} has {pieces[index].Length} bytes, the most allowed is {Vocabulary.MaxPieceBytes}", Reconvert)
            : pieces;
    }

    private static TokenKind[]? ReadKinds(GgufMetadata metadata, int count)
    {
        metadata.RequireLength(VocabularyKeys.Kinds, count);
        if (!metadata.TryGetInt32Array(VocabularyKeys.Kinds, out var numbers)) return null;
        var kinds = new TokenKind[count];
        Convert(numbers, kinds);
        return kinds;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Convert(int[] numbers, TokenKind[] kinds)
    {
        for (var id = 0; id < kinds.Length; id++)
            kinds[id] = numbers[id] is > 0 and <= (int)TokenKind.Byte ? (TokenKind)numbers[id] : TokenKind.Undefined;
    }

    // What the file would have said of them, had it told the kinds.
    private static void Mark(TokenKind[] kinds, int? begin, int? end, int? unknown)
    {
        if (unknown is { } u) kinds[u] = TokenKind.Unknown;
        if (begin is { } b) kinds[b] = TokenKind.Control;
        if (end is { } e) kinds[e] = TokenKind.Control;
    }

    private static int? ReadToken(GgufMetadata metadata, string key, int count, int? fallback = null)
    {
        if (!metadata.Contains(key)) return fallback < count ? fallback : null;
        var token = metadata.GetInt64(key);
        if (token is -1 || token == NoToken) return null;
        return token >= 0 && token < count
            ? (int)token
            : throw metadata.Invalid(key, $"token {token} is named, but the vocabulary has tokens 0 to {count - 1}", Reconvert);
    }

    private static bool Adds(GgufMetadata metadata, string key, string tokenKey, int? token, bool fallback)
    {
        var adds = metadata.GetBool(key, fallback && token is not null);
        return !adds || token is not null
            ? adds
            : throw metadata.Invalid(key, $"the vocabulary adds a token to every text, but {tokenKey} names none", Reconvert);
    }

    private static HashSet<int> ReadEndOfGeneration(GgufMetadata metadata, PieceTable pieces, TokenKind[] kinds, int? end)
    {
        var tokens = EndOfGeneration.ByText(pieces);
        ReadOnlySpan<int?> named =
            [end, ReadToken(metadata, VocabularyKeys.EndOfTurn, pieces.Count), ReadToken(metadata, VocabularyKeys.EndOfMessage, pieces.Count)];
        foreach (var token in named)
            if (token is { } id) tokens.Add(id);
        // Some files call them ordinary text; then they would be printed, and never found in a prompt.
        foreach (var token in tokens)
            if (kinds[token] is TokenKind.Normal or TokenKind.Undefined) kinds[token] = TokenKind.Control;
        return tokens;
    }
}
