namespace Hotplug.Inference.Tokenization.PreTokenization;

/// <summary>
/// The words of Llama 3 and its kin: <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,digits}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>, over code points,
/// with what differs from one to another as properties.
/// </summary>
internal sealed class WordRule : SplitRule
{
    private static readonly int[] Cascade = [512, 256, 128, 64, 32, 16, 8, 4, 2];

    /// <summary>The most digits of a word.</summary>
    public int Digits { get; init; } = int.MaxValue;

    /// <summary>What a word of letters is.</summary>
    public WordLetters Letters { get; init; }

    /// <summary>English endings are words.</summary>
    public bool CutsContractions { get; init; } = true;

    /// <summary>English endings belong to the word before them, and are no words of their own.</summary>
    public bool KeepsContractions { get; init; }

    /// <summary>Marks are no symbols.</summary>
    public bool ExcludesMarks { get; init; }

    /// <summary>The bytes that may follow symbols.</summary>
    public string Trailing { get; init; } = "\r\n";

    /// <summary>The most of them.</summary>
    public int TrailingLimit { get; init; } = int.MaxValue;

    /// <summary>Blanks are cut into powers of two: <c>\s{512}(?!\S)|…|\s{4}(?!\S)|\s{1,2}(?!\S)|\s{1}</c></summary>
    public bool CascadesBlanks { get; init; }

    /// <inheritdoc/>
    public override int WordEnd(ReadOnlySpan<byte> text, int start)
    {
        if (CutsContractions && Contractions.End(text, start, ignoreCase: true) is var contraction && contraction > start) return contraction;
        var first = Utf8Characters.ClassAt(text, start, out var second);
        if (Letters == WordLetters.WithoutHan && HanEnd(text, start) is var han && han > start) return han;
        if (first == CharClass.Number) return Utf8Characters.RunEnd(text, start, CharClass.Number, Digits);
        if (LettersEnd(text, start, first, second) is var word && word > start) return KeepsContractions ? WithContraction(text, word) : word;

        var symbols = text[start] == ' ' ? second : start;
        if (SymbolsEnd(text, symbols) is var end && end > symbols) return TrailingEnd(text, end);
        // Marks that are no symbols and follow a blank: letters have taken all others.
        if (first != CharClass.Space) return second;
        if (Utf8Characters.BlanksToLineBreak(text, start) is var line && line > start) return line;
        return CascadesBlanks ? CascadeEnd(text, start) : Utf8Characters.BlankWordEnd(text, start);
    }

    // With the one character before it that may belong to it; the start if there is no word.
    private int LettersEnd(ReadOnlySpan<byte> text, int start, CharClass first, int second)
    {
        if (Letters is WordLetters.Cased or WordLetters.CasedWithMarks) return CasedWords.End(text, start, first, second, Letters == WordLetters.CasedWithMarks);
        var at = first == CharClass.Letter || Utf8Characters.IsLineBreak(text[start]) ? start : second;
        return Run(text, at) is var end && end > at ? end : first == CharClass.Mark && Run(text, start) is var alone && alone > start ? alone : start;
    }

    private int Run(ReadOnlySpan<byte> text, int at) => Letters switch
    {
        WordLetters.LettersAndMarks => Utf8Characters.LetterOrMarkRunEnd(text, at),
        WordLetters.Phrases => PhraseEnd(text, at),
        WordLetters.WithoutHan => WithoutHanEnd(text, at),
        _ => Utf8Characters.RunEnd(text, at, CharClass.Letter),
    };

    private static int PhraseEnd(ReadOnlySpan<byte> text, int at)
    {
        if (at == text.Length || Utf8Characters.ClassAt(text, at, out var end) != CharClass.Letter) return at;
        while (true)
        {
            at = Utf8Characters.LetterOrMarkRunEnd(text, end);
            if (at + 1 >= text.Length || text[at] != ' ' || Utf8Characters.ClassAt(text, at + 1, out end) != CharClass.Letter) return at;
        }
    }

    private static int WithoutHanEnd(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && Utf8Characters.ClassAt(text, at, out var end) == CharClass.Letter && !CharRanges.Han.Contains(Utf8Characters.CodePointAt(text, at, out _))) at = end;
        return at;
    }

    private static int HanEnd(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && CharRanges.Han.Contains(Utf8Characters.CodePointAt(text, at, out var end))) at = end;
        return at;
    }

    private int SymbolsEnd(ReadOnlySpan<byte> text, int at)
    {
        if (!ExcludesMarks && Trailing.Length > 0) return Utf8Characters.SymbolRunEnd(text, at);
        while (at < text.Length && Utf8Characters.ClassAt(text, at, out var end) is var kind && Utf8Characters.IsSymbol(kind) && !(ExcludesMarks && kind == CharClass.Mark)) at = end;
        return at;
    }

    private int TrailingEnd(ReadOnlySpan<byte> text, int at)
    {
        for (var limit = TrailingLimit; limit > 0 && at < text.Length && Trailing.Contains((char)text[at]); limit--) at++;
        return at;
    }

    private static int WithContraction(ReadOnlySpan<byte> text, int at) => at < text.Length ? Contractions.End(text, at, ignoreCase: true) : at;

    private static int CascadeEnd(ReadOnlySpan<byte> text, int start)
    {
        // The largest size that leaves a blank before what follows, or all if nothing does.
        foreach (var size in Cascade)
        {
            var at = start;
            var count = 0;
            while (count < size && at < text.Length && Utf8Characters.ClassAt(text, at, out var end) == CharClass.Space) (at, count) = (end, count + 1);
            if (count == size && (at == text.Length || Utf8Characters.ClassAt(text, at, out _) == CharClass.Space)) return at;
        }
        Utf8Characters.ClassAt(text, start, out var one);
        return one;
    }
}
