namespace Hotplug.Inference.Tokenization.PreTokenization;

/// <summary><c>\s+$</c>: the blanks at the end are a word.</summary>
internal sealed class TrailingBlankRule : SplitRule
{
    /// <inheritdoc/>
    public override int WordEnd(ReadOnlySpan<byte> text, int start)
    {
        // From the back: every character but the first of a run begins with a byte that continues none.
        var end = text.Length;
        while (end > start)
        {
            var at = end - 1;
            while (at > start && (text[at] & 0xC0) == 0x80) at--;
            if (Utf8Characters.ClassAt(text, at, out var behind) != CharClass.Space || behind != end) break;
            end = at;
        }
        return end > start ? end : text.Length;
    }
}
