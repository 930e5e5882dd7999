namespace Hotplug.Inference.Tokenization.PreTokenization;

/// <summary>What Chameleon takes out of a text before its words: marks of images, indentation, punctuation.</summary>
internal sealed class ChameleonRule(ChameleonRule.Part part) : IsolateRule
{
    /// <summary>The expressions, in order.</summary>
    internal enum Part
    {
        /// <summary><c>&lt;sentinel:[0-9]+&gt;</c></summary>
        Sentinel,
        /// <summary><c>(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z</c></summary>
        Image,
        /// <summary><c>([\t\n]|    |  )</c></summary>
        Indentation,
        /// <summary><c>[\p{P}!-/:-@\[-`{-~]</c></summary>
        Sign,
    }

    /// <inheritdoc/>
    protected override int MatchEnd(ReadOnlySpan<byte> text, int at) => part switch
    {
        Part.Sentinel => SentinelEnd(text, at),
        Part.Image => ImageEnd(text, at),
        Part.Indentation => text[at] is (byte)'\t' or (byte)'\n' ? at + 1 : text[at..].StartsWith("    "u8) ? at + 4 : text[at..].StartsWith("  "u8) ? at + 2 : at,
        _ => Utf8Characters.ClassAt(text, at, out var end) == CharClass.Punctuation || text[at] is > (byte)' ' and < 127 && !char.IsAsciiLetterOrDigit((char)text[at]) ? end : at,
    };

    private static int SentinelEnd(ReadOnlySpan<byte> text, int at)
    {
        var name = "<sentinel:"u8;
        if (!text[at..].StartsWith(name)) return at;
        var end = at + name.Length;
        while (end < text.Length && Utf8Characters.IsAsciiDigit(text[end])) end++;
        return end > at + name.Length && end < text.Length && text[end] == '>' ? end + 1 : at;
    }

    private static int ImageEnd(ReadOnlySpan<byte> text, int at)
    {
        var name = "IMGIMG"u8;
        if (!text[at..].StartsWith(name)) return at;
        var end = at + name.Length;
        while (end < text.Length && end < at + name.Length + 4 && text[end] is >= (byte)'A' and <= (byte)'I') end++;
        return end > at + name.Length && end < text.Length && text[end] == 'Z' ? end + 1 : at;
    }
}
