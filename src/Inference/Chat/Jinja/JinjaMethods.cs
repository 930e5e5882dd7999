namespace Hotplug.Inference.Chat.Jinja;

/// <summary>Methods of texts and mappings.</summary>
internal static class JinjaMethods
{
    /// <summary>A method, or a member that can be called.</summary>
    /// <exception cref="JinjaException">There is none.</exception>
    public static object? Find(JinjaInterpreter interpreter, object? value, string name)
        => TryFind(interpreter, value, name)
            ?? (interpreter.Attribute(value, name) is JinjaFunction function ? function : throw new JinjaException($"{JinjaValue.Kind(value)} has no method '{name}'"));

    /// <summary>A method, or null.</summary>
    public static JinjaFunction? TryFind(JinjaInterpreter interpreter, object? value, string name) => value switch
    {
        string text => OfText(interpreter, text, name),
        JinjaMap map => OfMap(map, name),
        IReadOnlyList<object?> list => name switch
        {
            "index" => a => list.Index().Where(item => JinjaValue.AreEqual(item.Item, a[0, "value"])).Select(item => (object?)(long)item.Index).FirstOrDefault() ?? throw new JinjaException("the value is not in the list"),
            "count" => a => (long)list.Count(item => JinjaValue.AreEqual(item, a[0, "value"])),
            _ => null,
        },
        _ => null,
    };

    private static JinjaFunction? OfMap(JinjaMap map, string name) => name switch
    {
        "items" => _ => Pairs(map),
        "keys" => _ => map.Keys.Select(key => (object?)key).ToList(),
        "values" => _ => map.Values.ToList(),
        "get" => a => a[0, "key"] is string key && map.TryGet(key, out var value) ? value : a.Or(1, "default", null),
        _ => null,
    };

    /// <summary>The members as pairs.</summary>
    public static List<object?> Pairs(JinjaMap map) => map.Keys.Zip(map.Values, (key, value) => (object?)new List<object?> { key, value }).ToList();

    private static JinjaFunction? OfText(JinjaInterpreter interpreter, string text, string name)
    {
        var budget = interpreter.Budget;
        budget.Step(text.Length / 64);
        return name switch
        {
            "strip" => a => text.Trim(Characters(a)),
            "lstrip" => a => text.TrimStart(Characters(a)),
            "rstrip" => a => text.TrimEnd(Characters(a)),
            "upper" => _ => text.ToUpperInvariant(),
            "lower" => _ => text.ToLowerInvariant(),
            "title" => _ => JinjaTexts.Title(text),
            "capitalize" => _ => JinjaTexts.Capitalise(text),
            "startswith" => a => Any(a, prefix => text.StartsWith(prefix, StringComparison.Ordinal)),
            "endswith" => a => Any(a, suffix => text.EndsWith(suffix, StringComparison.Ordinal)),
            "removeprefix" => a => text.StartsWith(a.Text(0, "prefix"), StringComparison.Ordinal) ? text[a.Text(0, "prefix").Length..] : text,
            "removesuffix" => a => a.Text(0, "suffix") is { Length: > 0 } suffix && text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : text,
            "replace" => a => JinjaTexts.Replace(text, a.Text(0, "old"), a.Text(1, "new"), a.Whole(2, "count", -1), budget),
            "split" => a => JinjaTexts.Split(text, a.Or(0, "sep", null) as string, a.Whole(1, "maxsplit", -1), budget),
            "rsplit" => a => JinjaTexts.SplitBackwards(text, a.Or(0, "sep", null) as string, a.Whole(1, "maxsplit", -1), budget),
            "splitlines" => _ => Lines(text, budget),
            "find" => a => (long)text.IndexOf(a.Text(0, "sub"), StringComparison.Ordinal),
            "rfind" => a => (long)text.LastIndexOf(a.Text(0, "sub"), StringComparison.Ordinal),
            "index" => a => text.IndexOf(a.Text(0, "sub"), StringComparison.Ordinal) is >= 0 and var at ? (long)at : throw new JinjaException("the text does not contain what is looked for"),
            "count" => a => a.Text(0, "sub") is { Length: > 0 } part ? (long)text.Split(part).Length - 1 : text.Length + 1L,
            "join" => a => JinjaTexts.Join(JinjaValue.Items(a[0, "iterable"]), text, interpreter),
            "isdigit" => _ => text.Length > 0 && text.All(char.IsDigit),
            "isalpha" => _ => text.Length > 0 && text.All(char.IsLetter),
            "isalnum" => _ => text.Length > 0 && text.All(char.IsLetterOrDigit),
            "isspace" => _ => text.Length > 0 && text.All(char.IsWhiteSpace),
            "isupper" => _ => JinjaTests.Holds("upper", text, new([], new Dictionary<string, object?>())),
            "islower" => _ => JinjaTests.Holds("lower", text, new([], new Dictionary<string, object?>())),
            _ => null,
        };
    }

    private static char[]? Characters(JinjaArguments arguments) => arguments.Or(0, "chars", null) is string characters ? characters.ToCharArray() : null;

    private static object Any(JinjaArguments arguments, Func<string, bool> holds)
        => arguments[0, "prefix"] switch
        {
            string one => holds(one),
            IReadOnlyList<object?> several => several.OfType<string>().Any(holds),
            var other => throw new JinjaException($"{JinjaValue.Kind(other)} is neither a text nor a list of texts"),
        };

    private static List<object?> Lines(string text, JinjaBudget budget)
    {
        var lines = text.Split('\n').Select(line => (object?)line.TrimEnd('\r')).ToList();
        if (lines is [.., ""]) lines.RemoveAt(lines.Count - 1);
        budget.List(lines.Count);
        return lines;
    }
}
