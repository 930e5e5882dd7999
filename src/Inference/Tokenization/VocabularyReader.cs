using System.Runtime.CompilerServices;
using System.Text;
using Hotplug.Inference.Gguf;
using Hotplug.Inference.Tokenization.PreTokenization;

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
        var scores = ReadScores(metadata, pieces.Count, "SentencePiece");
        var unknown = ReadToken(metadata, VocabularyKeys.Unknown, pieces.Count, 0);
        var begin = ReadToken(metadata, VocabularyKeys.BeginningOfSequence, pieces.Count, 1);
        var end = ReadToken(metadata, VocabularyKeys.EndOfSequence, pieces.Count, 2);
        if (ReadKinds(metadata, pieces.Count) is not { } kinds)
        {
            kinds = [.. Enumerable.Range(0, pieces.Count)
                .Select(id => ByteTokens.ByteOf(pieces[id]) is null ? TokenKind.Normal : TokenKind.Byte)];
            Mark(kinds, begin, end, unknown);
        }

        for (var id = Array.IndexOf(kinds, TokenKind.Byte); id >= 0; id = Array.IndexOf(kinds, TokenKind.Byte, id + 1))
            if (ByteTokens.ByteOf(pieces[id]) is null)
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
            StripsRight = SwallowedBlanks.Right(metadata, pieces, kinds),
        };
    }

    /// <summary>Reads a vocabulary with merges.</summary>
    /// <param name="metadata">The file.</param>
    /// <param name="preTokenizer">What it is cut by.</param>
    /// <param name="needsMerges">False for the one kind whose merges may be missing.</param>
    public static Vocabulary ReadMerged(GgufMetadata metadata, PreTokenizer preTokenizer, bool needsMerges)
    {
        var pieces = ReadPieces(metadata);
        var unknown = ReadToken(metadata, VocabularyKeys.Unknown, pieces.Count);
        var begin = ReadToken(metadata, VocabularyKeys.BeginningOfSequence, pieces.Count);
        var end = ReadToken(metadata, VocabularyKeys.EndOfSequence, pieces.Count);
        var kinds = ReadKinds(metadata, pieces.Count) ?? Guess(pieces, begin, end, unknown);
        // Vocabularies of characters are published with the flag off by mistake; llama.cpp sets it too.
        var addsBegin = preTokenizer is { KeepsLineFeeds: true } && begin is not null
            || Adds(metadata, VocabularyKeys.AddsBeginningOfSequence, VocabularyKeys.BeginningOfSequence, begin, preTokenizer.AddsBeginningOfSequence);
        var ends = ReadEndOfGeneration(metadata, pieces, kinds, end);
        return new()
        {
            Pieces = pieces,
            Merges = ReadMerges(metadata, needsMerges),
            Kinds = kinds,
            EndOfGeneration = ends,
            UnknownToken = unknown,
            BeginningOfSequence = begin,
            EndOfSequence = end,
            AddsBeginningOfSequence = addsBegin,
            AddsEndOfSequence = Adds(metadata, VocabularyKeys.AddsEndOfSequence, VocabularyKeys.EndOfSequence, end, false),
            StripsLeft = SwallowedBlanks.Left(metadata, pieces),
        };
    }

    /// <summary>Reads a vocabulary of kind <c>bert</c>. Missing keys take BERT's defaults: unknown 100, begin 101, end 102; both are always added.</summary>
    public static Vocabulary ReadWordPiece(GgufMetadata metadata)
    {
        var pieces = ReadPieces(metadata);
        var unknown = ReadToken(metadata, VocabularyKeys.Unknown, pieces.Count, 100);
        var begin = ReadToken(metadata, VocabularyKeys.BeginningOfSequence, pieces.Count) ?? ReadToken(metadata, VocabularyKeys.Class, pieces.Count, 101);
        var end = ReadToken(metadata, VocabularyKeys.Separator, pieces.Count, 102);
        if (begin is null || end is null)
            throw metadata.Invalid(VocabularyKeys.Separator, "a WordPiece vocabulary needs a token that begins texts and one that ends them", Reconvert);
        var kinds = ReadKinds(metadata, pieces.Count) ?? Guess(pieces, begin, end, unknown);
        return new()
        {
            Pieces = pieces,
            Kinds = kinds,
            EndOfGeneration = ReadEndOfGeneration(metadata, pieces, kinds, ReadToken(metadata, VocabularyKeys.EndOfSequence, pieces.Count)),
            UnknownToken = unknown,
            BeginningOfSequence = begin,
            EndOfSequence = end,
            AddsBeginningOfSequence = true,
            AddsEndOfSequence = true,
        };
    }

    /// <summary>Reads a vocabulary of kind <c>t5</c>. Missing keys take T5's defaults: end 1, unknown 2; the end is added.</summary>
    public static Vocabulary ReadUnigram(GgufMetadata metadata)
    {
        var pieces = ReadPieces(metadata);
        var scores = ReadScores(metadata, pieces.Count, "Unigram");
        var unknown = ReadToken(metadata, VocabularyKeys.Unknown, pieces.Count, 2)
            ?? throw metadata.Invalid(VocabularyKeys.Unknown, "a Unigram vocabulary needs an unknown token", Reconvert);
        var begin = ReadToken(metadata, VocabularyKeys.BeginningOfSequence, pieces.Count);
        var end = ReadToken(metadata, VocabularyKeys.EndOfSequence, pieces.Count, 1);
        var kinds = ReadKinds(metadata, pieces.Count) ?? Guess(pieces, begin, end, unknown);
        return new()
        {
            Pieces = pieces,
            Scores = scores,
            Kinds = kinds,
            EndOfGeneration = ReadEndOfGeneration(metadata, pieces, kinds, end),
            UnknownToken = unknown,
            BeginningOfSequence = begin,
            EndOfSequence = end,
            AddsBeginningOfSequence = Adds(metadata, VocabularyKeys.AddsBeginningOfSequence, VocabularyKeys.BeginningOfSequence, begin, false),
            AddsEndOfSequence = Adds(metadata, VocabularyKeys.AddsEndOfSequence, VocabularyKeys.EndOfSequence, end, true),
            AddsSpacePrefix = metadata.GetBool(VocabularyKeys.AddsSpacePrefix, false),
            MergesBlanks = metadata.GetBool(VocabularyKeys.MergesBlanks, false),
            StripsLeft = SwallowedBlanks.Left(metadata, pieces),
        };
    }

    /// <summary>Reads the normalisation of a Unigram vocabulary, or null if it has none.</summary>
    public static CharacterMap? ReadCharacterMap(GgufMetadata metadata)
    {
        if (!metadata.TryGetInt32Array(VocabularyKeys.CharacterMap, out var numbers)) return null;
        return CharacterMap.TryRead(Array.ConvertAll(numbers, number => unchecked((byte)number)))
            ?? throw metadata.Invalid(VocabularyKeys.CharacterMap, $"its {numbers.Length} bytes are no map of characters", Reconvert);
    }

    private static PieceTable ReadPieces(GgufMetadata metadata)
    {
        if (!metadata.TryGetStringArray(VocabularyKeys.Tokens, out var tokens) || tokens.Count == 0)
            throw metadata.Invalid(VocabularyKeys.Tokens, "the file has no tokens", "Use a model that carries its vocabulary");
        return Checked(metadata, VocabularyKeys.Tokens, "token", tokens);
    }

    private static float[] ReadScores(GgufMetadata metadata, int count, string kind)
    {
        metadata.RequireLength(VocabularyKeys.Scores, count);
        return metadata.TryGetFloatArray(VocabularyKeys.Scores, out var scores)
            ? scores
            : throw metadata.Invalid(VocabularyKeys.Scores, $"a {kind} vocabulary needs scores, and the file has none", Reconvert);
    }

    private static TokenKind[] Guess(PieceTable pieces, int? begin, int? end, int? unknown)
    {
        var kinds = new TokenKind[pieces.Count];
        Array.Fill(kinds, TokenKind.Normal);
        Mark(kinds, begin, end, unknown);
        return kinds;
    }

    private static PieceTable ReadMerges(GgufMetadata metadata, bool isNeeded)
    {
        if (!metadata.TryGetStringArray(VocabularyKeys.Merges, out var merges))
            return isNeeded ? throw metadata.Invalid(VocabularyKeys.Merges, "a byte-level vocabulary needs merges, and the file has none", Reconvert) : PieceTable.Copy([]);
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
        NamedKinds.Correct(pieces, kinds);
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
