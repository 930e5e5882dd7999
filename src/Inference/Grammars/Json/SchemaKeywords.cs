using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hotplug.Inference.Grammars.Json;

/// <summary>What the keywords of schemas are about.</summary>
internal static class SchemaKeywords
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly FrozenDictionary<string, string> TypeOf = new Dictionary<string, string>
    {
        ["properties"] = "object", ["required"] = "object", ["additionalProperties"] = "object", ["minProperties"] = "object", ["maxProperties"] = "object", ["patternProperties"] = "object",
        ["propertyNames"] = "object", ["unevaluatedProperties"] = "object", ["dependentRequired"] = "object", ["dependentSchemas"] = "object", ["dependencies"] = "object",
        ["items"] = "array", ["prefixItems"] = "array", ["minItems"] = "array", ["maxItems"] = "array", ["uniqueItems"] = "array", ["contains"] = "array", ["minContains"] = "array",
        ["maxContains"] = "array", ["additionalItems"] = "array", ["unevaluatedItems"] = "array",
        ["minLength"] = "string", ["maxLength"] = "string", ["pattern"] = "string",
        ["minimum"] = "number", ["maximum"] = "number", ["exclusiveMinimum"] = "number", ["exclusiveMaximum"] = "number", ["multipleOf"] = "number",
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> General = ["type", "enum", "const", "anyOf", "oneOf", "allOf", "$ref", "not", "if", "then", "else", "$dynamicRef", "$recursiveRef", "nullable"];

    /// <summary>True for keywords that forbid something.</summary>
    public static bool IsAssertion(string keyword) => TypeOf.ContainsKey(keyword) || General.Contains(keyword) || keyword == "format";

    /// <summary>True if a schema forbids something.</summary>
    public static bool HasAssertions(JsonObject schema) => schema.Any(k => IsAssertion(k.Key));

    /// <summary>The types that a schema allows; those that its keywords are about if it names none. "value" is any.</summary>
    public static IReadOnlyList<string> TypesOf(JsonObject schema, string path)
    {
        string[] types = schema["type"] switch
        {
            null => Implied(schema),
            JsonValue one when one.TryGetValue(out string? name) => [name],
            JsonArray { Count: > 0 } several when several.All(t => t is JsonValue v && v.TryGetValue(out string? _)) => [.. several.Select(t => t!.GetValue<string>())],
            _ => throw SchemaError.At(path, "'type' is neither the name of a type nor a list of names", "Write a name"),
        };
        return schema["nullable"] is JsonValue nullable && nullable.TryGetValue(out bool yes) && yes ? [.. types.Append("null").Distinct()] : types;
    }

    /// <summary>Throws if there is a keyword that a grammar cannot keep to and that says something about the types.</summary>
    public static void RefuseUnsupported(JsonObject schema, string path)
    {
        var types = schema.ContainsKey("enum") || schema.ContainsKey("const") ? [] : TypesOf(schema, path);
        foreach (var (keyword, value) in schema)
        {
            if (keyword is "not" or "if" or "then" or "else" or "$dynamicRef" or "$recursiveRef") throw SchemaError.Unsupported(path, keyword);
            if (!TypeOf.TryGetValue(keyword, out var about) || !types.Any(type => type == about || (type == "integer" && about == "number"))) continue;
            var harmless = keyword switch
            {
                "patternProperties" or "propertyNames" or "dependentRequired" or "dependentSchemas" or "dependencies" or "contains" or "minContains" or "maxContains" or "multipleOf" => false,
                "uniqueItems" => value is JsonValue unique && unique.TryGetValue(out bool all) && !all,
                "unevaluatedProperties" or "unevaluatedItems" or "additionalItems" => value is JsonValue,
                _ => true,
            };
            if (!harmless) throw SchemaError.Unsupported(path, keyword);
        }
    }

    /// <summary>True if a value is of a type.</summary>
    public static bool IsOfType(JsonNode? value, string type) => (value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        JsonValueKind.Null => type == "null",
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        JsonValueKind.String => type == "string",
        JsonValueKind.Object => type == "object",
        JsonValueKind.Array => type == "array",
        _ => type == "number" || (type == "integer" && value is JsonValue number && number.TryGetValue(out decimal d) && d == Math.Floor(d)),
    };

    /// <summary>A value as JSON without blanks.</summary>
    public static string Compact(JsonNode? value) => value?.ToJsonString(Plain) ?? "null";

    /// <summary>A count among the keywords, or null.</summary>
    public static int? Count(JsonObject schema, string keyword, string path)
    {
        if (!schema.TryGetPropertyValue(keyword, out var node)) return null;
        return node is JsonValue value && value.TryGetValue(out decimal count) && count == Math.Floor(count) && count is >= 0 and <= GrammarLimits.Repetition
            ? (int)count
            : throw SchemaError.At(path, $"'{keyword}' is {node?.ToJsonString() ?? "null"}", $"A count is a whole number from 0 to {GrammarLimits.Repetition}");
    }

    private static string[] Implied(JsonObject schema)
    {
        var about = schema.Select(k => TypeOf.GetValueOrDefault(k.Key)).OfType<string>().Distinct().ToArray();
        return about.Length > 0 ? about : schema["format"] is JsonValue f && f.TryGetValue(out string? format) && StringSchema.HasFormat(format) ? ["string"] : ["value"];
    }
}
