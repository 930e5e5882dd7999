namespace Hotplug.Inference.Chat.Jinja;

/// <summary>Tests: <c>value is name</c>.</summary>
internal static class JinjaTests
{
    /// <summary>True if there is a test of this name.</summary>
    public static bool Holds(string name, object? value, JinjaArguments arguments) => name switch
    {
        "defined" => value is not JinjaUndefined,
        "undefined" => value is JinjaUndefined,
        "none" => value is null,
        "boolean" => value is bool,
        "true" => value is true,
        "false" => value is false,
        "string" => value is string,
        "number" => value is long or double or bool,
        "integer" => value is long,
        "float" => value is double,
        "mapping" => value is JinjaMap,
        "sequence" => value is string or IReadOnlyList<object?> or JinjaMap,
        "iterable" => value is string or IReadOnlyList<object?> or JinjaMap or JinjaUndefined,
        "callable" => value is JinjaFunction,
        "odd" => Whole(value) % 2 != 0,
        "even" => Whole(value) % 2 == 0,
        "divisibleby" => arguments.Whole(0, "num", 0) is var by and not 0 ? Whole(value) % by == 0 : throw new JinjaException("it divides by zero"),
        "lower" => value is string text && !text.Any(char.IsUpper) && text.Any(char.IsLower),
        "upper" => value is string text && !text.Any(char.IsLower) && text.Any(char.IsUpper),
        "sameas" => ReferenceEquals(value, arguments[0, "other"]) || (value is null or bool or long or string && Equals(value, arguments[0, "other"])),
        "equalto" or "eq" or "==" => JinjaValue.AreEqual(value, arguments[0, "other"]),
        "ne" or "!=" => !JinjaValue.AreEqual(value, arguments[0, "other"]),
        "lt" or "lessthan" or "<" => JinjaValue.Compare(value, arguments[0, "other"]) < 0,
        "le" or "<=" => JinjaValue.Compare(value, arguments[0, "other"]) <= 0,
        "gt" or "greaterthan" or ">" => JinjaValue.Compare(value, arguments[0, "other"]) > 0,
        "ge" or ">=" => JinjaValue.Compare(value, arguments[0, "other"]) >= 0,
        "in" => arguments[0, "seq"] switch
        {
            string text => value is string part && text.Contains(part, StringComparison.Ordinal),
            JinjaMap map => value is string key && map.Has(key),
            var other => JinjaValue.Items(other).Any(item => JinjaValue.AreEqual(item, value)),
        },
        _ => throw new JinjaException($"there is no test '{name}'"),
    };

    private static long Whole(object? value) => value is long whole ? whole : throw new JinjaException($"{JinjaValue.Kind(value)} is no whole number");
}
