namespace Hotplug.Inference.Tokenization.PreTokenization;

/// <summary>
/// Words that end where ASCII upper case follows lower case, with one other character before them:
/// <c>[^\r\n\p{L}\p{N}]?U*L+|[^\r\n\p{L}\p{N}]?U+L*</c>, where U are letters but a–z and L letters but A–Z. The first alternative that matches counts, and in it the longest U*.
/// </summary>
internal static class CasedWords
{
    /// <summary>End of the word at <paramref name="start"/>, or <paramref name="start"/> if there is none.</summary>
    public static int End(ReadOnlySpan<byte> text, int start, CharClass first, int second, bool withMarks)
    {
        var isPrefix = first is not (CharClass.Letter or CharClass.Number) && !Utf8Characters.IsLineBreak(text[start]);
        var isLetter = IsLetter(first, withMarks);
        int end;
        if (isPrefix && (end = MixedEnd(text, second, withMarks)) > second) return end;
        if (isLetter && (end = MixedEnd(text, start, withMarks)) > start) return end;
        if (isPrefix && (end = UpperEnd(text, second, withMarks, out _)) > second) return end;
        return isLetter ? UpperEnd(text, start, withMarks, out _) : start;
    }

    // U*L+
    private static int MixedEnd(ReadOnlySpan<byte> text, int start, bool withMarks)
    {
        var at = UpperEnd(text, start, withMarks, out var lastOfBoth);
        if (at < text.Length && text[at] is >= (byte)'a' and <= (byte)'z')
        {
            while (at < text.Length && text[at] is not (>= (byte)'A' and <= (byte)'Z') && IsLetter(Utf8Characters.ClassAt(text, at, out var end), withMarks)) at = end;
            return at;
        }
        // U* gives back up to the last letter that is no ASCII one, which is the L+.
        return lastOfBoth;
    }

    // U*, and behind the last of its letters that is L too.
    private static int UpperEnd(ReadOnlySpan<byte> text, int start, bool withMarks, out int lastOfBoth)
    {
        lastOfBoth = start;
        var at = start;
        while (at < text.Length && text[at] is not (>= (byte)'a' and <= (byte)'z') && IsLetter(Utf8Characters.ClassAt(text, at, out var end), withMarks))
        {
            if (text[at] >= 128) lastOfBoth = end;
            at = end;
        }
        return at;
    }

    private static bool IsLetter(CharClass kind, bool withMarks) => kind == CharClass.Letter || withMarks && kind == CharClass.Mark;
}
