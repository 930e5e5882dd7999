namespace Hotplug.Inference.Tokenization.PreTokenization;

/// <summary><c>\p{N}{1,limit}</c>: groups of digits are words.</summary>
internal sealed class NumberRule(int limit) : IsolateRule
{
    /// <inheritdoc/>
    protected override int MatchEnd(ReadOnlySpan<byte> text, int at) => Utf8Characters.RunEnd(text, at, CharClass.Number, limit);
}
