using System.Globalization;

namespace Hotplug.Inference.Chat.Jinja;

/// <summary>Filters: <c>value | name</c>.</summary>
internal static class JinjaFilters
{
    public static object? Apply(JinjaInterpreter interpreter, string name, object? value, JinjaArguments arguments)
    {
        var budget = interpreter.Budget;
        switch (name)
        {
            case "trim":
                return interpreter.Text(value).Trim(arguments.Or(0, "chars", null) is string characters ? characters.ToCharArray() : null);
            case "tojson":
                return ToJson(value, arguments, budget);
            case "default" or "d":
                return value is JinjaUndefined || (arguments.Or(1, "boolean", false) is true && !JinjaValue.IsTrue(value)) ? arguments.Or(0, "default_value", "") : value;
            case "length" or "count":
                return value is JinjaMap map ? (long)map.Count : value is string counted ? (long)counted.Length : (long)JinjaValue.Items(value).Count;
            case "string":
                return interpreter.Text(value);
            case "safe":
                return value;
            case "escape" or "e":
                return JinjaTexts.Replace(JinjaTexts.Replace(JinjaTexts.Replace(JinjaTexts.Replace(JinjaTexts.Replace(interpreter.Text(value), "&", "&amp;", -1, budget), "<", "&lt;", -1, budget), ">", "&gt;", -1, budget), "\"", "&#34;", -1, budget), "'", "&#39;", -1, budget);
            case "upper" or "lower" or "title" or "capitalize" or "replace":
                return ((JinjaFunction)JinjaMethods.Find(interpreter, interpreter.Text(value), name)!)(arguments);
            case "indent":
                var width = arguments.Or(0, "width", 4L);
                var indent = width is string given ? given : width is long count ? new string(' ', (int)Math.Clamp(count, 0, 1000)) : throw new JinjaException("'width' has to be a number or a text");
                return JinjaTexts.Indent(interpreter.Text(value), indent, JinjaValue.IsTrue(arguments.Or(1, "first", false)), JinjaValue.IsTrue(arguments.Or(2, "blank", false)), budget);
            case "int":
                return value switch
                {
                    long or bool => (long)JinjaValue.Number(value)!.Value,
                    double real when Math.Abs(real) < 9e18 => (long)real,
                    string text when long.TryParse(text.Trim(), CultureInfo.InvariantCulture, out var whole) => whole,
                    string text when double.TryParse(text.Trim(), CultureInfo.InvariantCulture, out var real) && Math.Abs(real) < 9e18 => (long)real,
                    _ => arguments.Or(0, "default", 0L),
                };
            case "float":
                return JinjaValue.Number(value) ?? (value is string number && double.TryParse(number.Trim(), CultureInfo.InvariantCulture, out var parsed) ? parsed : arguments.Or(0, "default", 0.0));
            case "abs":
                return value is long signed ? (object)Math.Abs(Math.Max(signed, -long.MaxValue)) : JinjaValue.Number(value) is { } any ? Math.Abs(any) : throw new JinjaException($"{JinjaValue.Kind(value)} has no amount");
            case "round":
                return Math.Round(JinjaValue.Number(value) ?? throw new JinjaException($"{JinjaValue.Kind(value)} cannot be rounded"), (int)Math.Clamp(arguments.Whole(0, "precision", 0), 0, 15), MidpointRounding.ToEven);
            case "items":
                return value is JinjaMap pairs ? JinjaMethods.Pairs(pairs) : value is JinjaUndefined ? new List<object?>() : throw new JinjaException($"{JinjaValue.Kind(value)} is no mapping");
            case "dictsort":
                return value is JinjaMap sorted ? JinjaMethods.Pairs(sorted).OrderBy(pair => (string)((List<object?>)pair!)[0]!, StringComparer.OrdinalIgnoreCase).ToList() : throw new JinjaException($"{JinjaValue.Kind(value)} is no mapping");
            case "join":
                var joined = arguments.Or(1, "attribute", null) is string attribute ? [.. JinjaValue.Items(value).Select(item => JinjaListFilters.Path(interpreter, item, attribute))] : JinjaValue.Items(value);
                return JinjaTexts.Join(joined, interpreter.Text(arguments.Or(0, "d", "")), interpreter);
            default:
                return JinjaListFilters.Apply(interpreter, name, value, arguments);
        }
    }

    private static string ToJson(object? value, JinjaArguments arguments, JinjaBudget budget)
    {
        int? indent = arguments.Or(0, "indent", null) is long width ? (int)Math.Clamp(width, 0, 64) : null;
        var separators = arguments.Or(9, "separators", null) is IReadOnlyList<object?> { Count: 2 } given ? given : [", ", ": "];
        var result = JinjaJson.Write(value, indent, separators[0] as string ?? ", ", separators[1] as string ?? ": ", arguments.Or(9, "ensure_ascii", false) is true, arguments.Or(9, "sort_keys", false) is true, budget);
        budget.Text(result.Length);
        return result;
    }
}
