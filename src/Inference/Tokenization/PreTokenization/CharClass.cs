namespace Hotplug.Inference.Tokenization.PreTokenization;

/// <summary>The classes of characters by which words are cut: Unicode general categories, blanks taken out first.</summary>
internal enum CharClass : byte
{
    /// <summary>Anything else: controls, unassigned.</summary>
    Other,

    /// <summary><c>\p{L}</c></summary>
    Letter,

    /// <summary><c>\p{N}</c></summary>
    Number,

    /// <summary><c>\s</c></summary>
    Space,

    /// <summary><c>\p{P}</c></summary>
    Punctuation,

    /// <summary><c>\p{S}</c></summary>
    Symbol,

    /// <summary><c>\p{M}</c></summary>
    Mark,
}
