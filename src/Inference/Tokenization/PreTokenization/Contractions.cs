namespace Hotplug.Inference.Tokenization.PreTokenization;

/// <summary>The English endings <c>'s 't 're 've 'm 'll 'd</c>.</summary>
internal static class Contractions
{
    /// <summary>Behind the ending at <paramref name="at"/>, or <paramref name="at"/> if there is none.</summary>
    public static int End(ReadOnlySpan<byte> text, int at, bool ignoreCase)
    {
        if (text[at] != '\'') return at;
        var first = Letter(text, at + 1, ignoreCase);
        if (first is (byte)'s' or (byte)'t' or (byte)'m' or (byte)'d') return at + 2;
        return (first, Letter(text, at + 2, ignoreCase)) is ((byte)'r', (byte)'e') or ((byte)'v', (byte)'e') or ((byte)'l', (byte)'l') ? at + 3 : at;
    }

    private static byte Letter(ReadOnlySpan<byte> text, int at, bool ignoreCase) =>
        at >= text.Length ? (byte)0 : ignoreCase && text[at] is >= (byte)'A' and <= (byte)'Z' ? (byte)(text[at] | 0x20) : text[at];
}
