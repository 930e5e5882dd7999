namespace Hotplug.Inference.Tokenization.PreTokenization;

/// <summary><c>[^\n]+|[\n]+</c>: lines, and the line feeds between them.</summary>
internal sealed class LineRule : SplitRule
{
    private const byte LineFeed = (byte)'\n';

    /// <inheritdoc/>
    public override int WordEnd(ReadOnlySpan<byte> text, int start)
    {
        var rest = text[start..];
        var length = rest[0] == LineFeed ? rest.IndexOfAnyExcept(LineFeed) : rest.IndexOf(LineFeed);
        return length < 0 ? text.Length : start + length;
    }
}
