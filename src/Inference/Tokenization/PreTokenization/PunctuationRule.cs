namespace Hotplug.Inference.Tokenization.PreTokenization;

/// <summary><c>[\p{P}…]+</c>: runs of punctuation and some ASCII symbols are words.</summary>
/// <param name="symbols">The symbols that count as punctuation, ASCII.</param>
internal sealed class PunctuationRule(string symbols) : IsolateRule
{
    /// <inheritdoc/>
    protected override int MatchEnd(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && (Utf8Characters.ClassAt(text, at, out var end) == CharClass.Punctuation || symbols.Contains((char)text[at])))
            at = end;
        return at;
    }
}
