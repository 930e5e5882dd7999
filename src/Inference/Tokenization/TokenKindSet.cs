namespace Hotplug.Inference.Tokenization;

/// <summary>A set of <see cref="TokenKind"/>s, one bit each.</summary>
internal readonly record struct TokenKindSet(int Bits)
{
    /// <summary>Tokens that are found in text before anything else, if special tokens are parsed.</summary>
    public static readonly TokenKindSet Special = Of(TokenKind.Control, TokenKind.Unknown, TokenKind.UserDefined);

    /// <summary>Tokens that are found in text before anything else in any case.</summary>
    public static readonly TokenKindSet UserDefined = Of(TokenKind.UserDefined);

    /// <summary>
    /// Tokens that the characters of plain text may be joined into. Control and unknown tokens never come of their names,
    /// nor do the byte tokens of SentencePiece vocabularies.
    /// </summary>
    public static readonly TokenKindSet Text = Of(TokenKind.Undefined, TokenKind.Normal, TokenKind.UserDefined, TokenKind.Unused);

    /// <summary><see cref="Text"/> for byte-level vocabularies, where a byte token is a piece like any other.</summary>
    public static readonly TokenKindSet TextAndBytes = new(Text.Bits | Of(TokenKind.Byte).Bits);

    /// <summary>All tokens.</summary>
    public static readonly TokenKindSet All = new(-1);

    /// <summary>True for members.</summary>
    public bool Has(TokenKind kind) => (Bits >> (int)kind & 1) != 0;

    /// <summary>The set of some kinds.</summary>
    public static TokenKindSet Of(params ReadOnlySpan<TokenKind> kinds)
    {
        var bits = 0;
        foreach (var kind in kinds) bits |= 1 << (int)kind;
        return new(bits);
    }
}
