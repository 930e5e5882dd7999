namespace Hotplug.Inference.Chat.Jinja;

/// <summary>Filters of lists.</summary>
internal static class JinjaListFilters
{
    public static object? Apply(JinjaInterpreter interpreter, string name, object? value, JinjaArguments arguments)
    {
        if (name is not ("list" or "first" or "last" or "reverse" or "sort" or "unique" or "sum" or "min" or "max" or "map" or "select" or "reject" or "selectattr" or "rejectattr" or "batch"))
            throw new JinjaException($"there is no filter '{name}'");
        if (name == "reverse" && value is string text) return new string([.. text.Reverse()]);
        var items = JinjaValue.Items(value);
        interpreter.Budget.List(items.Count);
        var attribute = arguments.Or(9, "attribute", null) as string;
        switch (name)
        {
            case "list":
                return items.ToList();
            case "first":
                return items.Count > 0 ? items[0] : new JinjaUndefined("the first of nothing");
            case "last":
                return items.Count > 0 ? items[^1] : new JinjaUndefined("the last of nothing");
            case "reverse":
                return items.Reverse().ToList();
            case "sort":
                var backwards = JinjaValue.IsTrue(arguments.Or(0, "reverse", false));
                var order = Comparer<object?>.Create((a, b) => JinjaValue.Compare(Key(a), Key(b)));
                interpreter.Budget.Step(20L * items.Count);
                return (backwards ? items.OrderDescending(order) : items.Order(order)).ToList();
            case "unique":
                interpreter.Budget.Step((long)items.Count * items.Count / 8);
                var different = new List<object?>();
                foreach (var item in items)
                    if (!different.Any(d => JinjaValue.AreEqual(Key(d), Key(item)))) different.Add(item);
                return different;
            case "sum":
                return items.Aggregate(arguments.Or(1, "start", 0L), (sum, item) => JinjaArithmetic.Apply("+", sum, Key(item), interpreter.Budget));
            case "min" or "max":
                var extreme = Comparer<object?>.Create((a, b) => JinjaValue.Compare(Key(a), Key(b)));
                return items.Count == 0 ? new JinjaUndefined($"the {name} of nothing") : name == "min" ? items.Min(extreme) : items.Max(extreme);
            case "map":
                return Map(interpreter, items, arguments, attribute);
            case "select" or "reject":
                var test = arguments.Positional.Count > 0 ? arguments.Text(0, "test") : null;
                return items.Where(item => (test is null ? JinjaValue.IsTrue(item) : JinjaTests.Holds(test, item, Rest(arguments, 1))) == (name == "select")).ToList();
            case "selectattr" or "rejectattr":
                var path = arguments.Text(0, "attribute");
                var check = arguments.Positional.Count > 1 ? arguments.Text(1, "test") : null;
                return items.Where(item => Path(interpreter, item, path) is var member && (check is null ? JinjaValue.IsTrue(member) : JinjaTests.Holds(check, member, Rest(arguments, 2))) == (name == "selectattr")).ToList();
            case "batch":
                return items.Chunk((int)Math.Clamp(arguments.Whole(0, "linecount", 1), 1, JinjaBudget.ListLength)).Select(chunk => (object?)chunk.ToList()).ToList();
            default:
                throw new InvalidOperationException();
        }

        object? Key(object? item) => attribute is null ? item : Path(interpreter, item, attribute);
    }

    /// <summary>A member by a path of names: <c>function.name</c>.</summary>
    public static object? Path(JinjaInterpreter interpreter, object? value, string path)
    {
        foreach (var name in path.Split('.'))
            value = long.TryParse(name, out var at) && value is IReadOnlyList<object?> list ? at < list.Count && at >= 0 ? list[(int)at] : new JinjaUndefined(name)
                : value is JinjaUndefined ? value : interpreter.Attribute(value, name);
        return value;
    }

    private static List<object?> Map(JinjaInterpreter interpreter, IReadOnlyList<object?> items, JinjaArguments arguments, string? attribute)
    {
        if (attribute is not null)
            return [.. items.Select(item => Path(interpreter, item, attribute) is JinjaUndefined missing ? arguments.Or(9, "default", missing) : Path(interpreter, item, attribute))];
        var filter = arguments.Text(0, "filter");
        return [.. items.Select(item => JinjaFilters.Apply(interpreter, filter, item, Rest(arguments, 1)))];
    }

    private static JinjaArguments Rest(JinjaArguments arguments, int from) => arguments with { Positional = [.. arguments.Positional.Skip(from)] };
}
