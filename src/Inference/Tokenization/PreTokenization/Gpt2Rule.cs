namespace Hotplug.Inference.Tokenization.PreTokenization;

/// <summary>
/// The words of GPT-2: <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>,
/// over code points, which the regular expressions of .NET cannot do.
/// </summary>
internal sealed class Gpt2Rule : SplitRule
{
    /// <inheritdoc/>
    public override int WordEnd(ReadOnlySpan<byte> text, int start)
    {
        if (Contractions.End(text, start, ignoreCase: false) is var contraction && contraction > start) return contraction;
        var at = text[start] == ' ' && start + 1 < text.Length ? start + 1 : start;
        var first = Utf8Characters.ClassAt(text, at, out _);
        return first switch
        {
            CharClass.Space => Utf8Characters.BlankWordEnd(text, start),
            CharClass.Letter or CharClass.Number => Utf8Characters.RunEnd(text, at, first),
            _ => Utf8Characters.SymbolRunEnd(text, at),
        };
    }
}
