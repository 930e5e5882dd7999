namespace Hotplug.Inference.Tokenization.PreTokenization;

/// <summary><c>\s?[…]+</c>: runs of characters in given ranges, on request with a blank before them, are words. Blanks beyond ASCII are in no range, as in llama.cpp.</summary>
/// <param name="ranges">The characters.</param>
/// <param name="withBlank">A blank before them belongs to the word.</param>
internal sealed class RangeRule(CharRanges ranges, bool withBlank = false) : IsolateRule
{
    /// <inheritdoc/>
    protected override int MatchEnd(ReadOnlySpan<byte> text, int at)
    {
        var from = withBlank && Utf8Characters.ClassAt(text, at, out var behind) == CharClass.Space ? behind : at;
        var end = from;
        while (end < text.Length && IsMember(text, end, out var next)) end = next;
        // The blank may be a member itself.
        return end > from ? end : at;
    }

    private bool IsMember(ReadOnlySpan<byte> text, int at, out int end)
    {
        if (text[at] >= 128 && Utf8Characters.ClassAt(text, at, out end) == CharClass.Space) return false;
        return ranges.Contains(Utf8Characters.CodePointAt(text, at, out end));
    }
}
