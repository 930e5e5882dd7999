using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hotplug.Inference.Chat.Jinja;

/// <summary>JSON as Python's <c>json.dumps(ensure_ascii=False)</c> writes it, which is what models were trained on; and values from JSON.</summary>
internal static class JinjaJson
{
    /// <summary>A value as JSON.</summary>
    public static string Write(object? value, int? indent, string itemSeparator, string keySeparator, bool ascii, bool sorted, JinjaBudget budget)
    {
        var result = new StringBuilder();
        Append(value, 0);
        return result.ToString();

        void Append(object? member, int depth)
        {
            budget.Step();
            if (depth > JinjaBudget.Depth) throw new JinjaException("a value is nested too deep");
            if (result.Length > JinjaBudget.TextLength) budget.Text(result.Length);
            switch (member)
            {
                case null:
                    result.Append("null");
                    break;
                case bool truth:
                    result.Append(truth ? "true" : "false");
                    break;
                case long whole:
                    result.Append(whole);
                    break;
                case double real:
                    result.Append(JinjaValue.Real(real));
                    break;
                case string text:
                    AppendText(text);
                    break;
                case IReadOnlyList<object?> list:
                    Enclose('[', ']', list, depth, (item, inner) => Append(item, inner));
                    break;
                case JinjaMap map:
                    var keys = sorted ? map.Keys.Order(StringComparer.Ordinal) : map.Keys;
                    Enclose('{', '}', [.. keys], depth, (key, inner) =>
                    {
                        AppendText((string)key!);
                        result.Append(keySeparator);
                        map.TryGet((string)key!, out var inside);
                        Append(inside, inner);
                    });
                    break;
                default:
                    throw new JinjaException($"{JinjaValue.Kind(member)} cannot be written as JSON");
            }
        }

        void Enclose(char open, char close, IReadOnlyList<object?> items, int depth, Action<object?, int> one)
        {
            result.Append(open);
            for (var i = 0; i < items.Count; i++)
            {
                if (i > 0) result.Append(indent is null ? itemSeparator : itemSeparator.TrimEnd());
                if (indent is { } width) result.Append('\n').Append(' ', width * (depth + 1));
                one(items[i], depth + 1);
            }

            if (indent is { } last && items.Count > 0) result.Append('\n').Append(' ', last * depth);
            result.Append(close);
        }

        void AppendText(string text)
        {
            result.Append('"');
            foreach (var c in text)
                switch (c)
                {
                    case '"' or '\\':
                        result.Append('\\').Append(c);
                        break;
                    case '\n':
                        result.Append("\\n");
                        break;
                    case '\r':
                        result.Append("\\r");
                        break;
                    case '\t':
                        result.Append("\\t");
                        break;
                    case '\b':
                        result.Append("\\b");
                        break;
                    case '\f':
                        result.Append("\\f");
                        break;
                    case < ' ':
                        result.Append($"\\u{(int)c:x4}");
                        break;
                    default:
                        if (ascii && c > 126) result.Append($"\\u{(int)c:x4}");
                        else result.Append(c);
                        break;
                }

            result.Append('"');
        }
    }

    /// <summary>A value from JSON.</summary>
    public static object? Read(JsonNode? node) => node switch
    {
        null => null,
        JsonArray list => list.Select(Read).ToList(),
        JsonObject members => ReadMap(members),
        JsonValue value => value.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String => value.GetValue<string>(),
            JsonValueKind.Number when value.TryGetValue(out long whole) => whole,
            JsonValueKind.Number when value.TryGetValue(out int small) => (long)small,
            JsonValueKind.Number when value.TryGetValue(out double real) => real,
            JsonValueKind.Number => (double)value.GetValue<decimal>(),
            _ => null,
        },
        _ => null,
    };

    private static JinjaMap ReadMap(JsonObject members)
    {
        var map = new JinjaMap();
        foreach (var (key, value) in members) map[key] = Read(value);
        return map;
    }
}
