namespace Hotplug.Inference.Tokenization.PreTokenization;

/// <summary><c>(?=(\d{3})+(?!\d))</c>: cuts before groups of three ASCII digits, counted from their end.</summary>
internal sealed class DigitGroupRule : SplitRule
{
    /// <inheritdoc/>
    public override int WordEnd(ReadOnlySpan<byte> text, int start)
    {
        var ends = new List<int>();
        Split(text[start..], start, ends);
        return ends[0];
    }

    /// <inheritdoc/>
    public override void Split(ReadOnlySpan<byte> text, int offset, List<int> ends)
    {
        for (var at = 0; at < text.Length;)
        {
            var digits = at;
            while (digits < text.Length && !Utf8Characters.IsAsciiDigit(text[digits])) digits++;
            var end = digits;
            while (end < text.Length && Utf8Characters.IsAsciiDigit(text[end])) end++;
            for (var cut = digits + (end - digits) % 3; cut < end; cut += 3)
                if (cut > 0) ends.Add(offset + cut);
            at = end;
        }
        if (ends.Count == 0 || ends[^1] < offset + text.Length) ends.Add(offset + text.Length);
    }
}
