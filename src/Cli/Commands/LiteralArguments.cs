namespace Hotplug.Cli.Commands;

/// <summary>
/// Keeps texts literal: the word behind <c>--text</c> is joined to it, so that the parser never takes a text that begins with a dash for an option.
/// </summary>
internal static class LiteralArguments
{
    public const string Text = "--text";

    public static string[] Join(string[] arguments)
    {
        var joined = new List<string>(arguments.Length);
        for (var i = 0; i < arguments.Length; i++)
        {
            // An empty text stays a word of its own: joined, it would be no value, and the next word would be taken for it.
            if (arguments[i] == Text && i + 1 < arguments.Length && arguments[i + 1].Length > 0) joined.Add($"{Text}={arguments[++i]}");
            else joined.Add(arguments[i]);
        }
        return [.. joined];
    }
}
