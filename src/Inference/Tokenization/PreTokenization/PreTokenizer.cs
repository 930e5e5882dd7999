namespace Hotplug.Inference.Tokenization.PreTokenization;

/// <summary>How a byte-level vocabulary wants text cut into words before merging: rules, each applied to the words of the one before it.</summary>
/// <param name="rules">The rules in order.</param>
internal sealed class PreTokenizer(params SplitRule[] rules)
{
    /// <summary>A word that is a token is taken whole, even if no merges lead to it.</summary>
    public bool IgnoresMerges { get; init; }

    /// <summary>The model wants its begin token unless the file says otherwise.</summary>
    public bool AddsBeginningOfSequence { get; init; }

    /// <summary>The ends of the words of <paramref name="text"/>, ascending; the last is its length. Linear in the text.</summary>
    public List<int> Split(ReadOnlySpan<byte> text)
    {
        var ends = new List<int>(text.Length / 4 + 1);
        if (!text.IsEmpty) ends.Add(text.Length);
        foreach (var rule in rules)
        {
            var finer = new List<int>(text.Length / 4 + 1);
            var start = 0;
            foreach (var end in ends)
            {
                var segment = text[start..end];
                for (var at = 0; at < segment.Length;) finer.Add(start + (at = rule.WordEnd(segment, at)));
                start = end;
            }

            ends = finer;
        }

        return ends;
    }
}
