using System.Text;
using System.Text.Json.Nodes;

namespace Hotplug.Inference.Grammars.Json;

/// <summary>Writes one schema as a grammar.</summary>
internal sealed class SchemaWriter(JsonNode? document)
{
    private const int MaxSchemas = 20_000;
    private const long MaxCopies = 2_000_000;

    private readonly StringBuilder _rules = new();
    private readonly Dictionary<string, string> _references = [];
    private readonly HashSet<string> _names = [.. new[] { "root", "ws", "char", "unicode", "hex", "string", "integer", "number", "boolean", "null", "object", "array", "value" }];
    private int _schemas;
    private long _copied;

    /// <summary>The grammar.</summary>
    public string Write()
    {
        _references["#"] = "root-schema";
        _names.Add("root-schema");
        var body = Expression(document, "#", 0);
        _rules.Append("root-schema ::= ").AppendLine(body);
        return $"root ::= root-schema\n{_rules}{JsonRules.Text}";
    }

    /// <summary>Adds a rule; returns its name.</summary>
    public string Rule(string wish, string body)
    {
        var name = Name(wish);
        _rules.Append(name).Append(" ::= ").AppendLine(body);
        if (_rules.Length > 4 * GrammarLimits.TextLength) throw new GrammarException("The schema makes a grammar that is too large. Use fewer or smaller parts.");
        return name;
    }

    /// <summary>A name that no rule has yet.</summary>
    public string Name(string wish)
    {
        var clean = string.Concat(wish.Where(c => char.IsAsciiLetterOrDigit(c) || c == '-').Take(32)) is { Length: > 0 } some ? some : "rule";
        var name = clean;
        for (var i = 2; !_names.Add(name); i++) name = $"{clean}-{i}";
        return name;
    }

    /// <summary>What a schema allows, as an expression.</summary>
    public string Expression(JsonNode? schema, string path, int depth)
    {
        if (depth > GrammarLimits.Nesting || ++_schemas > MaxSchemas)
            throw SchemaError.At(path, $"it nests deeper than {GrammarLimits.Nesting}, or has more than {MaxSchemas} parts when they are put together", "Use a smaller schema");
        switch (schema)
        {
            case JsonValue value when value.TryGetValue(out bool all):
                return all ? "value" : throw SchemaError.At(path, "nothing is valid by 'false'", "Leave it out");
            case JsonObject keywords:
                return OfObject(keywords, path, depth);
            default:
                throw SchemaError.At(path, "a schema is an object, true or false", "Write it so");
        }
    }

    private string OfObject(JsonObject schema, string path, int depth)
    {
        if (schema.TryGetPropertyValue("$ref", out var reference))
        {
            var rest = Without(schema, "$ref", path);
            return SchemaKeywords.HasAssertions(rest) ? Expression(Merge(Resolve(reference, path).Schema, rest, path), path, depth + 1) : Reference(reference, path, depth);
        }

        if (schema.TryGetPropertyValue("allOf", out var all))
        {
            JsonNode? merged = Without(schema, "allOf", path);
            foreach (var part in List(all, path, "allOf")) merged = Merge(merged, Followed(part, path), path);
            return Expression(merged, path, depth + 1);
        }

        foreach (var union in (string[])["anyOf", "oneOf"])
            if (schema.TryGetPropertyValue(union, out var branches))
            {
                var rest = Without(schema, union, path);
                var list = List(branches, path, union).Select(branch => Followed(branch, path)).ToList();
                if (union == "oneOf" && !SchemaDisjoint.Are(list))
                    throw SchemaError.At(path, "a text could match several branches of 'oneOf'", "Use anyOf, or give the branches different types or a property with a const each that is required");
                if (SchemaKeywords.HasAssertions(rest)) return GbnfText.OneOf(list.Select((branch, i) => Expression(Merge(branch, rest, path), $"{path}/{union}/{i}", depth + 1)));
                return GbnfText.OneOf(List(branches, path, union).Select((branch, i) => Expression(branch, $"{path}/{union}/{i}", depth + 1)));
            }

        SchemaKeywords.RefuseUnsupported(schema, path);
        if (schema.TryGetPropertyValue("const", out var constant)) return Values([constant], schema, "const", path);
        if (schema.TryGetPropertyValue("enum", out var values)) return Values(List(values, path, "enum"), schema, "enum", path);
        return GbnfText.OneOf(SchemaKeywords.TypesOf(schema, path).Select(type => OfType(type, schema, path, depth)));
    }

    private string OfType(string type, JsonObject schema, string path, int depth) => type switch
    {
        "object" => ObjectSchema.Write(this, schema, path, depth),
        "array" => ArraySchema.Write(this, schema, path, depth),
        "string" => StringSchema.Write(this, schema, path),
        "integer" or "number" => NumberSchema.Write(schema, type, path),
        "boolean" or "null" or "value" => type,
        _ => throw SchemaError.At(path, $"there is no type '{type}'", "Use object, array, string, number, integer, boolean or null"),
    };

    private static string Values(IEnumerable<JsonNode?> values, JsonObject schema, string keyword, string path)
    {
        if (schema.Any(k => k.Key != "type" && k.Key != keyword && SchemaKeywords.IsAssertion(k.Key)))
            throw SchemaError.At(path, $"'{keyword}' stands beside '{schema.First(k => k.Key != "type" && k.Key != keyword && SchemaKeywords.IsAssertion(k.Key)).Key}'", "Leave that out, and the values that it forbids");
        var types = schema.ContainsKey("type") ? SchemaKeywords.TypesOf(schema, path) : null;
        var fitting = values.Where(value => types is null || types.Any(type => SchemaKeywords.IsOfType(value, type))).Select(value => GbnfText.Literal(SchemaKeywords.Compact(value))).ToList();
        return fitting.Count > 0 ? GbnfText.OneOf(fitting) : throw SchemaError.At(path, $"no value of '{keyword}' is of the type", "Correct one of the two");
    }

    // Rules of references are named before they are written, so that a schema may refer to itself.
    private string Reference(JsonNode? reference, string path, int depth)
    {
        var (schema, target) = Resolve(reference, path);
        if (_references.TryGetValue(target, out var known)) return known;
        var name = _references[target] = Name(target.Split('/')[^1]);
        var body = Expression(schema, target, depth + 1);
        _rules.Append(name).Append(" ::= ").AppendLine(body);
        return name;
    }

    private JsonNode? Followed(JsonNode? schema, string path)
    {
        for (var i = 0; schema is JsonObject { Count: 1 } one && one.TryGetPropertyValue("$ref", out var reference); i++)
        {
            if (i > GrammarLimits.Nesting) throw SchemaError.At(path, "references lead in a circle", "Let one of them lead to a schema");
            schema = Resolve(reference, path).Schema;
        }

        return schema;
    }

    private (JsonNode? Schema, string Target) Resolve(JsonNode? reference, string path)
    {
        if (reference is not JsonValue value || !value.TryGetValue(out string? target) || !(target == "#" || target.StartsWith("#/", StringComparison.Ordinal)))
            throw SchemaError.At(path, $"the reference {reference?.ToJsonString()} does not begin with #/", "Put what it refers to under $defs and write #/$defs/NAME");
        var at = document;
        foreach (var step in target.Split('/').Skip(1).Select(s => Uri.UnescapeDataString(s).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)))
        {
            at = at switch
            {
                JsonObject o when o.TryGetPropertyValue(step, out var next) => next,
                JsonArray a when int.TryParse(step, out var index) && index >= 0 && index < a.Count => a[index],
                _ => throw SchemaError.At(path, $"there is nothing at '{target}'", "Correct the reference"),
            };
        }

        return (at, target);
    }

    private static IReadOnlyList<JsonNode?> List(JsonNode? node, string path, string keyword)
        => node is JsonArray { Count: > 0 } list ? [.. list] : throw SchemaError.At(path, $"'{keyword}' is no list with something in it", "Write a list");

    private JsonNode? Merge(JsonNode? first, JsonNode? second, string path)
    {
        Charge(first, path);
        Charge(second, path);
        return SchemaMerge.Merge(first, second, path);
    }

    // Schemas are put together as copies; small ones can be made to put large ones together many times.
    private void Charge(JsonNode? copied, string path)
    {
        if (++_copied > MaxCopies) throw SchemaError.At(path, "putting its parts together takes too long", "Use a smaller schema");
        if (copied is JsonObject o)
            foreach (var (_, child) in o) Charge(child, path);
        else if (copied is JsonArray a)
            foreach (var child in a) Charge(child, path);
    }

    private JsonObject Without(JsonObject schema, string keyword, string path)
    {
        Charge(schema, path);
        var rest = (JsonObject)schema.DeepClone();
        rest.Remove(keyword);
        return rest;
    }
}
