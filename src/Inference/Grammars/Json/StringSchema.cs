using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace Hotplug.Inference.Grammars.Json;

/// <summary>Strings: by length, by pattern, or by a format that has a grammar.</summary>
internal static class StringSchema
{
    private const string Date = """([0-9]{4} "-" (("0" [13578] | "1" [02]) "-" ("0" [1-9] | [12] [0-9] | "3" [01]) | ("0" [469] | "11") "-" ("0" [1-9] | [12] [0-9] | "30") | "02-" ("0" [1-9] | "1" [0-9] | "2" [0-8])))""";
    private const string Hours = """([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9]""";
    private const string Time = $"""({Hours} ":" [0-5] [0-9] ("." [0-9]{"{1,6}"})? ("Z" | [+-] {Hours}))""";
    private const string Byte = """("25" [0-5] | "2" [0-4] [0-9] | "1" [0-9] [0-9] | [1-9]? [0-9])""";

    private static readonly FrozenDictionary<string, string> Formats = new Dictionary<string, string>
    {
        ["date"] = Date,
        ["time"] = Time,
        ["date-time"] = $"{Date} \"T\" {Time}",
        ["uuid"] = """hex{8} "-" hex{4} "-" hex{4} "-" hex{4} "-" hex{12}""",
        ["ipv4"] = $"{Byte} \".\" {Byte} \".\" {Byte} \".\" {Byte}",
    }.ToFrozenDictionary();

    /// <summary>True for formats that are kept to.</summary>
    public static bool HasFormat(string format) => Formats.ContainsKey(format);

    public static string Write(SchemaWriter writer, JsonObject schema, string path)
    {
        var least = SchemaKeywords.Count(schema, "minLength", path);
        var most = SchemaKeywords.Count(schema, "maxLength", path);
        if (most < least) throw SchemaError.At(path, $"minLength is {least} and maxLength {most}", "Exchange them");
        var format = schema["format"] is JsonValue value && value.TryGetValue(out string? name) && Formats.TryGetValue(name, out var known) ? known : null;
        if (schema.TryGetPropertyValue("pattern", out var node))
        {
            if (format is not null || least is not null || most is not null) throw SchemaError.At(path, "'pattern' stands beside a length or a format", "Say it with the pattern alone");
            var pattern = node is JsonValue p && p.TryGetValue(out string? text) ? text : throw SchemaError.At(path, "'pattern' is no text", "Write a regular expression");
            return $"\"\\\"\" {writer.Rule("pattern", PatternParser.Convert(pattern, path))} \"\\\"\"";
        }

        if (format is not null)
            return least is null && most is null ? $"\"\\\"\" {format} \"\\\"\"" : throw SchemaError.At(path, "'format' stands beside a length", "Leave the length out");
        return least is null && most is null ? "string" : $"\"\\\"\" {GbnfText.Repeat("char", least ?? 0, most)} \"\\\"\"";
    }
}
