namespace Hotplug.Inference.Tokenization.PreTokenization;

/// <summary><c>\s?\p{…}+</c>: runs of one class with a blank before them are words.</summary>
internal sealed class ClassRule(CharClass wanted) : IsolateRule
{
    /// <inheritdoc/>
    protected override int MatchEnd(ReadOnlySpan<byte> text, int at)
    {
        var from = Utf8Characters.ClassAt(text, at, out var behind) == CharClass.Space ? behind : at;
        return Utf8Characters.RunEnd(text, from, wanted) is var end && end > from ? end : at;
    }
}
