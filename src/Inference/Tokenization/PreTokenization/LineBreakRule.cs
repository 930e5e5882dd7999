namespace Hotplug.Inference.Tokenization.PreTokenization;

/// <summary><c>[\r\n]</c>: each line break is a word.</summary>
internal sealed class LineBreakRule : IsolateRule
{
    /// <inheritdoc/>
    protected override int MatchEnd(ReadOnlySpan<byte> text, int at) => Utf8Characters.IsLineBreak(text[at]) ? at + 1 : at;
}
