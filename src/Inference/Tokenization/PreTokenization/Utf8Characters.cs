using System.Globalization;
using System.Text;

namespace Hotplug.Inference.Tokenization.PreTokenization;

/// <summary>Classes and lengths of the characters in UTF-8 text. Pure functions.</summary>
internal static class Utf8Characters
{
    private static readonly CharClass[] Ascii = BuildAscii();

    /// <summary>Class of the character at <paramref name="at"/>, and behind it.</summary>
    public static CharClass ClassAt(ReadOnlySpan<byte> text, int at, out int end)
    {
        if (text[at] < 128)
        {
            end = at + 1;
            return Ascii[text[at]];
        }

        Rune.DecodeFromUtf8(text[at..], out var rune, out var length);
        end = at + length;
        return Classify(rune);
    }

    /// <summary>Behind the run of characters of class <paramref name="wanted"/> at <paramref name="at"/>, at most <paramref name="limit"/> of them.</summary>
    public static int RunEnd(ReadOnlySpan<byte> text, int at, CharClass wanted, int limit = int.MaxValue)
    {
        for (; at < text.Length && limit > 0 && ClassAt(text, at, out var end) == wanted; limit--) at = end;
        return at;
    }

    /// <summary>Behind the run of characters at <paramref name="at"/> that are neither letters, numbers nor blanks.</summary>
    public static int SymbolRunEnd(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && IsSymbol(ClassAt(text, at, out var end))) at = end;
        return at;
    }

    /// <summary><c>[^\s\p{L}\p{N}]</c></summary>
    public static bool IsSymbol(CharClass characters) => characters is not (CharClass.Letter or CharClass.Number or CharClass.Space);

    /// <summary><c>[\p{L}\p{M}]</c></summary>
    public static bool IsLetterOrMark(CharClass characters) => characters is CharClass.Letter or CharClass.Mark;

    /// <summary>Behind the run of letters and marks at <paramref name="at"/>.</summary>
    public static int LetterOrMarkRunEnd(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && IsLetterOrMark(ClassAt(text, at, out var end))) at = end;
        return at;
    }

    /// <summary><c>[\r\n]</c></summary>
    public static bool IsLineBreak(byte value) => value is (byte)'\r' or (byte)'\n';

    /// <summary><c>[A-Za-z]</c></summary>
    public static bool IsAsciiLetter(byte value) => (byte)((value | 0x20) - 'a') < 26;

    /// <summary><c>[0-9]</c></summary>
    public static bool IsAsciiDigit(byte value) => (byte)(value - '0') < 10;

    /// <summary>The code point at <paramref name="at"/>, and behind it; what is no UTF-8 is U+FFFD.</summary>
    public static int CodePointAt(ReadOnlySpan<byte> text, int at, out int end)
    {
        if (text[at] < 128)
        {
            end = at + 1;
            return text[at];
        }

        Rune.DecodeFromUtf8(text[at..], out var rune, out var length);
        end = at + length;
        return rune.Value;
    }

    /// <summary>
    /// Behind the last line break of the run of blanks at <paramref name="at"/>, or <paramref name="at"/> if it has none: <c>\s*[\r\n]+</c>.
    /// </summary>
    public static int BlanksToLineBreak(ReadOnlySpan<byte> text, int at)
    {
        var run = text[at..RunEnd(text, at, CharClass.Space)];
        return at + run.LastIndexOfAny((byte)'\r', (byte)'\n') + 1;
    }

    /// <summary>Behind the line breaks at <paramref name="at"/>.</summary>
    public static int LineBreaksEnd(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && IsLineBreak(text[at])) at++;
        return at;
    }

    /// <summary>
    /// End of the word of blanks at <paramref name="at"/> (there is one): all if the text ends with them, all but the last if there are more, else one.
    /// That is <c>\s+(?!\S)|\s+</c>.
    /// </summary>
    public static int BlankWordEnd(ReadOnlySpan<byte> text, int at)
    {
        var (last, end) = (at, at);
        while (end < text.Length && ClassAt(text, end, out var next) == CharClass.Space) (last, end) = (end, next);
        return end == text.Length || last == at ? end : last;
    }

    private static CharClass[] BuildAscii()
    {
        var classes = new CharClass[128];
        for (var c = 0; c < classes.Length; c++) classes[c] = Classify(new Rune(c));
        return classes;
    }

    private static CharClass Classify(Rune rune) => Rune.IsWhiteSpace(rune) ? CharClass.Space : Rune.GetUnicodeCategory(rune) switch
    {
        <= UnicodeCategory.OtherLetter => CharClass.Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharClass.Number,
        >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation => CharClass.Punctuation,
        >= UnicodeCategory.MathSymbol and <= UnicodeCategory.OtherSymbol => CharClass.Symbol,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => CharClass.Mark,
        _ => CharClass.Other,
    };
}
