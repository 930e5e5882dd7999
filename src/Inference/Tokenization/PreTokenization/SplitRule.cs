namespace Hotplug.Inference.Tokenization.PreTokenization;

/// <summary>Cuts text into words. Stateless, safe from any thread.</summary>
internal abstract class SplitRule
{
    /// <summary>End of the word that begins at <paramref name="start"/>; more than that, at most the length of the text.</summary>
    /// <param name="text">UTF-8; never looked at beyond its end, so a word before it is final.</param>
    /// <param name="start">Begin of a word, below the length of the text.</param>
    public abstract int WordEnd(ReadOnlySpan<byte> text, int start);

    /// <summary>Appends the ends of all words of <paramref name="text"/>, each plus <paramref name="offset"/>, the last its length. For rules that know several words at once.</summary>
    public virtual void Split(ReadOnlySpan<byte> text, int offset, List<int> ends)
    {
        for (var at = 0; at < text.Length;) ends.Add(offset + (at = WordEnd(text, at)));
    }
}
