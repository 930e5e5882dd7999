namespace Hotplug.Inference.Tokenization.PreTokenization;

/// <summary>What counts as a word of letters.</summary>
internal enum WordLetters
{
    /// <summary><c>\p{L}+</c></summary>
    Letters,

    /// <summary><c>[\p{L}\p{M}]+</c></summary>
    LettersAndMarks,

    /// <summary>
    /// Letters, cut where lower case is followed by upper case: <c>((?=\p{L})[^a-z])*((?=\p{L})[^A-Z])+|((?=\p{L})[^a-z])+((?=\p{L})[^A-Z])*</c>. Only ASCII letters have a case here;
    /// others count as both, as in llama.cpp.
    /// </summary>
    Cased,

    /// <summary><see cref="Cased"/>, of letters and marks.</summary>
    CasedWithMarks,

    /// <summary>Words, and blanks between them: <c>(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+</c></summary>
    Phrases,

    /// <summary><c>\p{L}+</c> without Han characters, whose runs are words of their own.</summary>
    WithoutHan,
}
