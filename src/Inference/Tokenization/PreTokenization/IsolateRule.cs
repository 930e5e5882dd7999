namespace Hotplug.Inference.Tokenization.PreTokenization;

/// <summary>A rule that makes words of what matches a pattern and leaves the text between matches as it is.</summary>
internal abstract class IsolateRule : SplitRule
{
    /// <inheritdoc/>
    public sealed override int WordEnd(ReadOnlySpan<byte> text, int start)
    {
        if (MatchEnd(text, start) is var end && end > start) return end;
        for (var at = start; ;)
        {
            Utf8Characters.ClassAt(text, at, out at);
            if (at == text.Length || MatchEnd(text, at) > at) return at;
        }
    }

    /// <summary>End of the match at <paramref name="at"/>, or <paramref name="at"/> if there is none. Constant or linear in the match.</summary>
    protected abstract int MatchEnd(ReadOnlySpan<byte> text, int at);
}
