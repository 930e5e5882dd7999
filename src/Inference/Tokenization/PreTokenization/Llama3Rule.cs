namespace Hotplug.Inference.Tokenization.PreTokenization;

/// <summary>
/// The words of Llama 3 and its kin: <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,digits}|
/// ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>, over code points.
/// </summary>
internal sealed class Llama3Rule(int digits) : SplitRule
{
    /// <inheritdoc/>
    public override int WordEnd(ReadOnlySpan<byte> text, int start)
    {
        if (Contractions.End(text, start, ignoreCase: true) is var contraction && contraction > start) return contraction;
        var first = Utf8Characters.ClassAt(text, start, out var second);
        if (first == CharClass.Letter) return Utf8Characters.RunEnd(text, second, CharClass.Letter);
        if (first == CharClass.Number) return Utf8Characters.RunEnd(text, start, CharClass.Number, digits);
        if (!IsLineBreak(text[start]) && Utf8Characters.RunEnd(text, second, CharClass.Letter) is var word && word > second) return word;

        var symbols = text[start] == ' ' ? second : start;
        if (Utf8Characters.SymbolRunEnd(text, symbols) is var end && end > symbols) return LineBreaksEnd(text, end);
        return BlanksToLineBreak(text, start) is var line && line > start ? line : Utf8Characters.BlankWordEnd(text, start);
    }

    // Behind the last line break of the run of blanks, or the start if it has none.
    private static int BlanksToLineBreak(ReadOnlySpan<byte> text, int start)
    {
        var run = text[start..Utf8Characters.RunEnd(text, start, CharClass.Space)];
        return start + run.LastIndexOfAny((byte)'\r', (byte)'\n') + 1;
    }

    private static int LineBreaksEnd(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && IsLineBreak(text[at])) at++;
        return at;
    }

    private static bool IsLineBreak(byte value) => value is (byte)'\r' or (byte)'\n';
}
