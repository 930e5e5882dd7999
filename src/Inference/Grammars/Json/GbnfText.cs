using System.Globalization;
using System.Text;

namespace Hotplug.Inference.Grammars.Json;

/// <summary>Writes pieces of GBNF.</summary>
internal static class GbnfText
{
    /// <summary>A text in quotes.</summary>
    public static string Literal(string text)
    {
        var result = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes()) result.Append(rune.Value is '"' or '\\' ? $"\\{rune}" : rune.Value < ' ' ? $"\\x{rune.Value:X2}" : rune.ToString());
        return result.Append('"').ToString();
    }

    /// <summary>A class of characters.</summary>
    public static string Class(IEnumerable<(int Low, int High)> ranges)
        => $"[{string.Concat(ranges.Select(r => r.Low == r.High ? Code(r.Low) : $"{Code(r.Low)}-{Code(r.High)}"))}]";

    /// <summary>A repetition; null for any number.</summary>
    public static string Repeat(string item, long least, long? most) => (least, most) switch
    {
        (0, null) => $"({item})*",
        (1, null) => $"({item})+",
        (0, 1) => $"({item})?",
        (1, 1) => item,
        (_, 0) => "\"\"",
        (_, null) => string.Create(CultureInfo.InvariantCulture, $"({item}){{{least},}}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"({item}){{{least},{most}}}"),
    };

    /// <summary>One of several.</summary>
    public static string OneOf(IEnumerable<string> alternatives) => alternatives.Distinct().ToArray() is var different && different is [var only] ? only : $"({string.Join(" | ", different)})";

    private static string Code(int character) => character switch
    {
        < 128 when char.IsAsciiLetterOrDigit((char)character) => ((char)character).ToString(),
        < 0x100 => $"\\x{character:X2}",
        < 0x10000 => $"\\u{character:X4}",
        _ => $"\\U{character:X8}",
    };
}
