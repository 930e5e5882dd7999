namespace Hotplug.Inference.Tokenization.PreTokenization;

/// <summary><c> ?[^(\s|.,!?…。，、।۔،)]+</c>: a blank and what is neither blank nor one of those signs. (The parentheses and the bar are such signs too.)</summary>
internal sealed class BloomRule : IsolateRule
{
    private static readonly CharRanges Signs = new("21 28-29 2C 2E 3F 7C 60C 6D4 964 2026 3001-3002 FF0C");

    /// <inheritdoc/>
    protected override int MatchEnd(ReadOnlySpan<byte> text, int at)
    {
        var from = text[at] == ' ' ? at + 1 : at;
        var end = from;
        while (end < text.Length && Utf8Characters.ClassAt(text, end, out var next) != CharClass.Space && !Signs.Contains(Utf8Characters.CodePointAt(text, end, out _))) end = next;
        return end > from ? end : at;
    }
}
