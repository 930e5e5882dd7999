namespace Hotplug.Inference.Tokenization.PreTokenization;

/// <summary>How a byte-level vocabulary wants text cut into words before merging: rules, each applied to the words of the one before it.</summary>
/// <param name="rules">The rules in order.</param>
internal sealed class PreTokenizer(params SplitRule[] rules)
{
    /// <summary>A word that is a token is taken whole, even if no merges lead to it.</summary>
    public bool IgnoresMerges { get; init; }

    /// <summary>Merges join the characters of the text itself, blanks written ▁, and what has no token becomes tokens of bytes; otherwise they join spelled bytes.</summary>
    public bool JoinsCharacters { get; init; }

    /// <summary>The model wants its begin token unless the file says otherwise.</summary>
    public bool AddsBeginningOfSequence { get; init; }

    /// <summary>Line feeds are one token if there is one for all of a run, whatever the merges say.</summary>
    public bool KeepsLineFeeds { get; init; }

    /// <summary>Finds the ends of the words of <paramref name="text"/>, ascending; the last is its length. Linear in the text.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="ends">Emptied, then filled.</param>
    public void Split(ReadOnlySpan<byte> text, List<int> ends)
    {
        ends.Clear();
        if (text.IsEmpty) return;
        if (rules.Length == 1)
        {
            rules[0].Split(text, 0, ends);
            return;
        }

        ends.Add(text.Length);
        var coarser = new List<int>();
        foreach (var rule in rules)
        {
            coarser.Clear();
            coarser.AddRange(ends);
            var start = 0;
            ends.Clear();
            foreach (var end in coarser)
            {
                rule.Split(text[start..end], start, ends);
                start = end;
            }
        }
    }
}
