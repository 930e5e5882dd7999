namespace Hotplug.Inference.Tokenization.PreTokenization;

/// <summary>
/// Numbers in groups of three, counted from their end. What stands before a number belongs to the word of its first group, as in llama.cpp.
/// </summary>
internal sealed class LeadingDigitGroupRule : SplitRule
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
        var last = 0;
        for (var at = 0; at < text.Length;)
        {
            var kind = Utf8Characters.ClassAt(text, at, out var next);
            if (kind != CharClass.Number)
            {
                at = next;
                continue;
            }

            var left = 0;
            for (var digit = at; digit < text.Length && Utf8Characters.ClassAt(text, digit, out var behind) == CharClass.Number; digit = behind) left++;
            for (; left > 0; left--)
            {
                Utf8Characters.ClassAt(text, at, out at);
                if (left % 3 == 1) ends.Add(offset + (last = at));
            }
        }
        if (last < text.Length) ends.Add(offset + text.Length);
    }
}
