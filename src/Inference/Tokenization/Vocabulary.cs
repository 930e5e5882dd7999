namespace Hotplug.Inference.Tokenization;

/// <summary>The checked data of a tokenizer, independent of the file it came from. Immutable once a tokenizer has it, safe from any thread.</summary>
internal sealed class Vocabulary
{
    /// <summary>Longest text of a token in bytes; known vocabularies stay below 1 KiB.</summary>
    public const int MaxPieceBytes = 64 << 10;

    /// <summary>The text of every token, in the spelling of the vocabulary.</summary>
    public required PieceTable Pieces { get; init; }

    /// <summary>What each token is; as long as <see cref="Pieces"/>.</summary>
    public required TokenKind[] Kinds { get; init; }

    /// <summary>Score of each token, higher is better; as long as <see cref="Pieces"/>. SentencePiece and Unigram vocabularies only.</summary>
    public float[]? Scores { get; init; }

    /// <summary>Merges in order of rank, each well formed. Byte-level vocabularies only.</summary>
    public PieceTable? Merges { get; init; }

    /// <summary>The token that begins a sequence.</summary>
    public int? BeginningOfSequence { get; init; }

    /// <summary>The token that ends a sequence.</summary>
    public int? EndOfSequence { get; init; }

    /// <summary>The token for what cannot be expressed.</summary>
    public int? UnknownToken { get; init; }

    /// <summary>Tokens after which generation ends.</summary>
    public required IReadOnlySet<int> EndOfGeneration { get; init; }

    /// <summary>Put <see cref="BeginningOfSequence"/> in front.</summary>
    public bool AddsBeginningOfSequence { get; init; }

    /// <summary>Put <see cref="EndOfSequence"/> behind.</summary>
    public bool AddsEndOfSequence { get; init; }

    /// <summary>Put a blank before text at the start and after special tokens. SentencePiece and Unigram vocabularies only.</summary>
    public bool AddsSpacePrefix { get; init; }

    /// <summary>Blanks in a row count as one, and those around a text not at all. Unigram vocabularies only.</summary>
    public bool MergesBlanks { get; init; }

    /// <summary>Special tokens that swallow the blanks behind them.</summary>
    public IReadOnlySet<int> StripsRight { get; init; } = new HashSet<int>();

    /// <summary>Special tokens that swallow the blanks before them.</summary>
    public IReadOnlySet<int> StripsLeft { get; init; } = new HashSet<int>();

    /// <summary>Number of tokens.</summary>
    public int Count => Pieces.Count;
}
