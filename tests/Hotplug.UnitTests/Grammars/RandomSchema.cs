using System.Text.Json.Nodes;

namespace Hotplug.UnitTests.Grammars;

/// <summary>JSON schemas by chance, of all that grammars keep to.</summary>
internal sealed class RandomSchema(Random random)
{
    private static readonly string[] Names = ["name", "a", "b", "na", "größe", "with \"quotes\"", "x y", "list", "next", ""];
    private static readonly string[] Patterns = ["^[a-z]{2,5}$", "^(foo|ba[rz])+$", "^\\d{3}-\\d{4}$", "x", "^[^a-z]?\\w+\\.$", "^a.b$|^c", "^.{0,3}[äöü]{2}$", "^\"\\\\$"];
    private static readonly string[] Formats = ["date", "time", "date-time", "uuid", "ipv4"];

    private int _definitions;

    public JsonObject Next()
    {
        _definitions = random.Next(3);
        var schema = Any(3);
        var definitions = new JsonObject();
        for (var i = 0; i < _definitions; i++) definitions[$"d{i}"] = i == 0 ? Tree() : Scalar();
        if (_definitions > 0) schema["$defs"] = definitions;
        if (random.Next(4) == 0) schema["description"] = "what it is";
        return schema;
    }

    // Refers to itself, behind something that may be left out.
    private JsonObject Tree() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject { ["value"] = Scalar(), ["children"] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["$ref"] = "#/$defs/d0" }, ["maxItems"] = 2 } },
        ["required"] = new JsonArray("value"),
        ["additionalProperties"] = false,
    };

    private JsonObject Any(int depth)
    {
        if (_definitions > 0 && random.Next(6) == 0) return new() { ["$ref"] = $"#/$defs/d{random.Next(_definitions)}" };
        if (depth == 0) return Scalar();
        return random.Next(8) switch
        {
            0 or 1 or 2 => Object(depth),
            3 => Array(depth),
            4 => new() { ["anyOf"] = new JsonArray(Any(depth - 1), Any(depth - 1)) },
            5 => random.Next(2) == 0 ? OneOf() : AllOf(),
            _ => Scalar(),
        };
    }

    private JsonObject Object(int depth)
    {
        var properties = new JsonObject();
        foreach (var name in Names.OrderBy(_ => random.Next()).Take(random.Next(5))) properties[name] = Any(depth - 1);
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = new JsonArray([.. properties.Where(_ => random.Next(2) == 0).Select(p => (JsonNode)p.Key)]) };
        switch (random.Next(4))
        {
            case 0:
                schema["additionalProperties"] = false;
                break;
            case 1:
                schema["additionalProperties"] = Scalar();
                break;
        }

        return schema;
    }

    private JsonObject Array(int depth)
    {
        var schema = new JsonObject { ["type"] = "array" };
        if (random.Next(3) == 0) schema["prefixItems"] = new JsonArray(Scalar(), Scalar());
        if (random.Next(5) > 0) schema["items"] = Any(depth - 1);
        var least = random.Next(4);
        if (random.Next(2) == 0) schema["minItems"] = least;
        schema["maxItems"] = least + random.Next(4);
        return schema;
    }

    private JsonObject OneOf() => new()
    {
        ["oneOf"] = new JsonArray([.. new[] { "circle", "square" }.Select(kind => new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { ["kind"] = new JsonObject { ["const"] = kind }, ["size"] = Number("number") },
            ["required"] = new JsonArray("kind", "size"),
        })]),
    };

    private JsonObject AllOf() => new()
    {
        ["allOf"] = new JsonArray(
            new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["a"] = Scalar() }, ["required"] = new JsonArray("a") },
            new JsonObject { ["properties"] = new JsonObject { ["b"] = Scalar() }, ["required"] = new JsonArray("b") }),
    };

    private JsonObject Scalar() => random.Next(9) switch
    {
        0 => new() { ["type"] = "string" },
        1 => Text(),
        2 => new() { ["type"] = "string", ["pattern"] = Patterns[random.Next(Patterns.Length)] },
        3 => new() { ["type"] = "string", ["format"] = Formats[random.Next(Formats.Length)] },
        4 => Number("integer"),
        5 => Number("number"),
        6 => new() { ["enum"] = new JsonArray("red", "say \"no\"", 5, 2.5, null, true, new JsonObject { ["k"] = new JsonArray(1, "ü") }) },
        7 => new() { ["type"] = new JsonArray("boolean", "null") },
        _ => new() { ["const"] = random.Next(2) == 0 ? "fixed" : new JsonArray(1, 2) },
    };

    private JsonObject Text()
    {
        var least = random.Next(6);
        var schema = new JsonObject { ["type"] = "string", ["minLength"] = least };
        if (random.Next(2) == 0) schema["maxLength"] = least + random.Next(8);
        return schema;
    }

    private JsonObject Number(string type)
    {
        var schema = new JsonObject { ["type"] = type };
        var low = random.Next(-1500, 1500);
        var high = low + 1 + random.Next(random.Next(2) == 0 ? 5 : 30000);
        if (random.Next(3) > 0) schema[random.Next(3) == 0 ? "exclusiveMinimum" : "minimum"] = type == "number" && random.Next(2) == 0 ? low - 0.25 : low - 1;
        if (random.Next(3) > 0) schema[random.Next(3) == 0 ? "exclusiveMaximum" : "maximum"] = type == "number" && random.Next(2) == 0 ? high + 0.75 : high + 1;
        return schema;
    }
}
