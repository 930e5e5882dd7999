namespace Hotplug.Inference.Tokenization.PreTokenization;

/// <summary><c>[0-9][0-9][0-9]</c>: three ASCII digits are a word.</summary>
internal sealed class AsciiTripletRule : IsolateRule
{
    private const int Length = 3;

    /// <inheritdoc/>
    protected override int MatchEnd(ReadOnlySpan<byte> text, int at) =>
        text.Length - at >= Length && !text.Slice(at, Length).ContainsAnyExceptInRange((byte)'0', (byte)'9') ? at + Length : at;
}
