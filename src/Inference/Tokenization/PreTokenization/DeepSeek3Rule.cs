namespace Hotplug.Inference.Tokenization.PreTokenization;

/// <summary>
/// The words of DeepSeek V3 and its kin, once numbers and CJK are taken out:
/// <c>[ASCII punctuation][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>
/// </summary>
internal sealed class DeepSeek3Rule : IsolateRule
{
    /// <summary>Line breaks are words one by one and belong to no symbols.</summary>
    public bool IsolatesLineBreaks { get; init; }

    /// <inheritdoc/>
    protected override int MatchEnd(ReadOnlySpan<byte> text, int at)
    {
        if (IsAsciiPunctuation(text[at]) && AsciiLettersEnd(text, at + 1) is var letters && letters > at + 1) return letters;
        var first = Utf8Characters.ClassAt(text, at, out var second);
        if (first != CharClass.Letter && !Utf8Characters.IsLineBreak(text[at]) && !IsSymbol(first)
            && Utf8Characters.LetterOrMarkRunEnd(text, second) is var word && word > second) return word;
        if (Utf8Characters.LetterOrMarkRunEnd(text, at) is var bare && bare > at) return bare;
        var symbols = text[at] == ' ' ? second : at;
        var end = symbols;
        while (end < text.Length && IsSymbol(Utf8Characters.ClassAt(text, end, out var next))) end = next;
        if (end > symbols) return IsolatesLineBreaks ? end : Utf8Characters.LineBreaksEnd(text, end);
        if (first != CharClass.Space) return at;
        if (IsolatesLineBreaks)
        {
            if (Utf8Characters.IsLineBreak(text[at])) return at + 1;
        }
        else if (Utf8Characters.BlanksToLineBreak(text, at) is var line && line > at)
        {
            return line;
        }
        return Utf8Characters.BlankWordEnd(text, at);
    }

    private static bool IsSymbol(CharClass kind) => kind is CharClass.Punctuation or CharClass.Symbol;

    private static bool IsAsciiPunctuation(byte value) => value is >= (byte)'!' and <= (byte)'/' or >= (byte)':' and <= (byte)'@' or >= (byte)'[' and <= (byte)'`' or >= (byte)'{' and <= (byte)'~';

    private static int AsciiLettersEnd(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && Utf8Characters.IsAsciiLetter(text[at])) at++;
        return at;
    }
}
