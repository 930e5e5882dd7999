using System.Text.Json.Nodes;

namespace Hotplug.Inference.Grammars.Json;

/// <summary>Whether no value can be valid by two schemas, as far as it is easy to see: by types, by constants, or by a required property with different constants.</summary>
internal static class SchemaDisjoint
{
    /// <summary>True if no two of them share a value.</summary>
    public static bool Are(IReadOnlyList<JsonNode?> schemas)
    {
        for (var i = 0; i < schemas.Count; i++)
            for (var j = 0; j < i; j++)
                if (schemas[i] is not JsonObject a || schemas[j] is not JsonObject b || !Are(a, b)) return false;
        return true;
    }

    private static bool Are(JsonObject a, JsonObject b)
    {
        var (first, second) = (Constants(a), Constants(b));
        if (first is not null && second is not null) return !first.Overlaps(second);
        if (!KindsOf(a).Intersect(KindsOf(b)).Any()) return true;
        if (a["properties"] is not JsonObject of || b["properties"] is not JsonObject with) return false;
        return of.Any(p => Requires(a, p.Key) && Requires(b, p.Key) && p.Value is JsonObject mine && with[p.Key] is JsonObject other
            && Constants(mine) is { } these && Constants(other) is { } those && !these.Overlaps(those));
    }

    private static HashSet<string>? Constants(JsonObject schema)
        => schema.TryGetPropertyValue("const", out var constant) ? [SchemaKeywords.Compact(constant)]
            : schema["enum"] is JsonArray values ? [.. values.Select(SchemaKeywords.Compact)] : null;

    private static bool Requires(JsonObject schema, string name) => schema["required"] is JsonArray required && required.Any(r => r?.ToString() == name);

    // Every value is of one of these; integers are numbers.
    private static IEnumerable<string> KindsOf(JsonObject schema)
    {
        string[] all = ["object", "array", "string", "number", "boolean", "null"];
        if (schema["const"] is { } constant) return all.Where(kind => SchemaKeywords.IsOfType(constant, kind));
        if (schema["enum"] is JsonArray values) return all.Where(kind => values.Any(value => SchemaKeywords.IsOfType(value, kind)));
        if (schema["type"] is null || schema.ContainsKey("nullable")) return all;
        return SchemaKeywords.TypesOf(schema, "").Select(type => type == "integer" ? "number" : type);
    }
}
