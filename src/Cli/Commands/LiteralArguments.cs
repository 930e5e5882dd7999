namespace Hotplug.Cli.Commands;

/// <summary>
/// Keeps texts literal. The word behind <c>--text</c> is joined to it with a mark in front, so that the parser takes neither a text that begins with a dash for an option
/// nor the word behind an empty text for the text.
/// </summary>
internal static class LiteralArguments
{
    public const string Text = "--text";
    private const char Mark = '=';

    /// <summary>The command line for the parser.</summary>
    public static string[] Join(string[] arguments)
    {
        var joined = new List<string>(arguments.Length);
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == Text && i + 1 < arguments.Length) joined.Add($"{Text}={Mark}{arguments[++i]}");
            else if (arguments[i].StartsWith(Text + "=", StringComparison.Ordinal)) joined.Add($"{Text}={Mark}{arguments[i][(Text.Length + 1)..]}");
            else joined.Add(arguments[i]);
        }
        return [.. joined];
    }

    /// <summary>The text as it was typed.</summary>
    public static string? Read(string? value) => value is [Mark, ..] ? value[1..] : value;
}
