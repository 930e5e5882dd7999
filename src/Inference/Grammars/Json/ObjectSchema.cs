using System.Text.Json.Nodes;

namespace Hotplug.Inference.Grammars.Json;

/// <summary>Objects: the properties in the order of the schema, those that are not required left out at will, then others if they are allowed by name.</summary>
internal static class ObjectSchema
{
    private const int LongestName = 256;

    public static string Write(SchemaWriter writer, JsonObject schema, string path, int depth)
    {
        var properties = schema["properties"] switch
        {
            null => [],
            JsonObject named => named,
            _ => throw SchemaError.At(path, "'properties' is no object", "Write name and schema of each"),
        };
        var required = schema["required"] switch
        {
            null => [],
            JsonArray names when names.All(n => n is JsonValue v && v.TryGetValue(out string? _)) => names.Select(n => n!.GetValue<string>()).ToHashSet(),
            _ => throw SchemaError.At(path, "'required' is no list of names", "Write a list"),
        };

        if (properties.FirstOrDefault(p => p.Key.Length > LongestName).Key is { } tooLong) throw SchemaError.At(path, $"the name of a property has {tooLong.Length} characters", $"At most {LongestName} will do");
        var pairs = new List<(string Name, string Pair, bool Required)>();
        foreach (var (name, value) in properties)
        {
            if (value is JsonValue no && no.TryGetValue(out bool allowed) && !allowed && !required.Contains(name)) continue;
            var expression = writer.Expression(value, $"{path}/properties/{name}", depth + 1);
            pairs.Add((name, writer.Rule(name, $"{Key(name)} \":\" ws {expression}"), required.Contains(name)));
        }

        var others = Others(writer, schema, properties.Select(p => p.Key).Concat(required).ToList(), path, depth);
        foreach (var name in required.Where(name => !properties.ContainsKey(name)))
            pairs.Add((name, writer.Rule(name, $"{Key(name)} \":\" ws {others.Value ?? throw SchemaError.At(path, $"'{name}' is required and forbidden", "Allow it under properties")}"), true));
        RefuseCounts(schema, pairs, others.Pair is not null, path);
        if (pairs.Count == 0) return others.Pair is { } any ? $"\"{{\" ws ({any} (\",\" ws {any})* ws)? \"}}\"" : "\"{\" ws \"}\"";
        return $"\"{{\" ws {Rest(writer, pairs, others.Pair)} \"}}\"";
    }

    // From behind: what may follow a property that is there, and what may follow if none was there yet.
    private static string Rest(SchemaWriter writer, List<(string Name, string Pair, bool Required)> pairs, string? other)
    {
        var after = other is null ? "ws" : writer.Rule("more", $"(\",\" ws {other})* ws");
        var first = other is null ? "\"\"" : writer.Rule("first", $"({other} (\",\" ws {other})* ws)?");
        for (var i = pairs.Count - 1; i >= 0; i--)
        {
            var (name, pair, required) = pairs[i];
            var (begun, fresh) = ($"\",\" ws {pair} {after}", $"{pair} {after}");
            var wasFirst = first;
            first = writer.Rule($"{name}-first", required ? fresh : $"{fresh} | {wasFirst}");
            after = writer.Rule($"{name}-after", required ? begun : $"{begun} | {after}");
        }

        return first;
    }

    private static (string? Pair, string? Value) Others(SchemaWriter writer, JsonObject schema, List<string> names, string path, int depth)
    {
        var asked = schema.TryGetPropertyValue("additionalProperties", out var additional);
        if (asked && additional is JsonValue v && v.TryGetValue(out bool allowed) && !allowed) return (null, null);
        // Nobody asked for more than what is named; but then what is required without a schema may be anything.
        if (!asked && names.Count > 0) return (null, "value");
        var value = asked ? writer.Expression(additional, $"{path}/additionalProperties", depth + 1) : "value";
        var key = names.Count == 0 ? "string" : $"\"\\\"\" {OtherKeys(writer, names, 0)} \"\\\"\"";
        return (writer.Rule("other", $"{key} \":\" ws {value}"), value);
    }

    // Names that are none of these, without escapes, since those could spell one.
    private static string OtherKeys(SchemaWriter writer, List<string> names, int at)
    {
        var plain = GbnfText.Class(JsonRules.Plain);
        var runes = names.Where(n => n.Length > at).GroupBy(n => char.ConvertToUtf32(n, at)).ToList();
        var ends = names.Any(n => n.Length == at);
        if (runes.Count == 0) return ends ? $"{plain}+" : $"{plain}*";
        var others = CharacterRanges.Complement(CharacterRanges.Complement(JsonRules.Plain).Concat(runes.Select(g => (g.Key, g.Key))));
        var alternatives = runes.Where(g => JsonRules.Plain.Any(r => g.Key >= r.Low && g.Key <= r.High))
            .Select(g => $"{GbnfText.Class([(g.Key, g.Key)])} {OtherKeys(writer, [.. g], at + char.ConvertFromUtf32(g.Key).Length)}").ToList();
        alternatives.Add($"{GbnfText.Class(others)} {plain}*");
        if (!ends) alternatives.Add("\"\"");
        return writer.Rule("other-key", string.Join(" | ", alternatives));
    }

    private static void RefuseCounts(JsonObject schema, List<(string Name, string Pair, bool Required)> pairs, bool more, string path)
    {
        if (SchemaKeywords.Count(schema, "minProperties", path) is { } least && least > pairs.Count(p => p.Required)) throw SchemaError.Unsupported(path, "minProperties");
        if (SchemaKeywords.Count(schema, "maxProperties", path) is { } most && (more || most < pairs.Count)) throw SchemaError.Unsupported(path, "maxProperties");
    }

    private static string Key(string name) => GbnfText.Literal(SchemaKeywords.Compact(JsonValue.Create(name)));
}
