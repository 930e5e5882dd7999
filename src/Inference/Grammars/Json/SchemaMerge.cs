using System.Text.Json.Nodes;

namespace Hotplug.Inference.Grammars.Json;

/// <summary>Makes one schema of two that have to hold both.</summary>
internal static class SchemaMerge
{
    /// <summary>Merges two schemas.</summary>
    /// <exception cref="GrammarException">They say different things of one keyword that cannot be put together.</exception>
    public static JsonNode? Merge(JsonNode? first, JsonNode? second, string path)
    {
        if (IsTrue(first)) return second?.DeepClone();
        if (IsTrue(second)) return first?.DeepClone();
        if (first is not JsonObject a || second is not JsonObject b) throw SchemaError.At(path, "parts that have to hold together are no objects", "Write schemas as objects");
        var merged = (JsonObject)a.DeepClone();
        foreach (var (keyword, value) in b)
        {
            if (!merged.TryGetPropertyValue(keyword, out var there)) merged[keyword] = value?.DeepClone();
            else if (SchemaKeywords.IsAssertion(keyword) && !JsonNode.DeepEquals(there, value)) merged[keyword] = Both(keyword, there, value, path);
        }

        return merged;
    }

    private static JsonNode? Both(string keyword, JsonNode? a, JsonNode? b, string path)
    {
        switch (keyword)
        {
            case "properties" when a is JsonObject first && b is JsonObject second:
                var properties = (JsonObject)first.DeepClone();
                foreach (var (name, schema) in second) properties[name] = properties.TryGetPropertyValue(name, out var there) ? Merge(there, schema, $"{path}/properties/{name}") : schema?.DeepClone();
                return properties;
            case "required" when a is JsonArray first && b is JsonArray second:
                return new JsonArray([.. first.Concat(second).Select(r => r?.DeepClone()).DistinctBy(r => r?.ToJsonString())]);
            case "minimum" or "exclusiveMinimum" or "minLength" or "minItems" when Numbers(a, b) is var (x, y):
                return Math.Max(x, y);
            case "maximum" or "exclusiveMaximum" or "maxLength" or "maxItems" when Numbers(a, b) is var (x, y):
                return Math.Min(x, y);
            case "type" when Intersection(Types(a), Types(b)) is { Length: > 0 } types:
                return new JsonArray([.. types.Select(t => JsonValue.Create(t))]);
            case "allOf" when a is JsonArray first && b is JsonArray second:
                return new JsonArray([.. first.Concat(second).Select(s => s?.DeepClone())]);
            default:
                throw SchemaError.At(path, $"two different '{keyword}' have to hold together", "Write one that says both");
        }
    }

    private static string[] Types(JsonNode? type) => type is JsonArray several ? [.. several.Select(t => t?.ToString() ?? "")] : [type?.ToString() ?? ""];

    private static string[] Intersection(string[] a, string[] b)
        => [.. a.Where(t => b.Contains(t) || (t == "integer" && b.Contains("number"))), .. b.Where(t => t == "integer" && a.Contains("number") && !a.Contains("integer"))];

    private static (decimal, decimal)? Numbers(JsonNode? a, JsonNode? b)
        => a is JsonValue first && b is JsonValue second && first.TryGetValue(out decimal x) && second.TryGetValue(out decimal y) ? (x, y) : null;

    private static bool IsTrue(JsonNode? schema) => schema is JsonValue value && value.TryGetValue(out bool all) && all;
}
