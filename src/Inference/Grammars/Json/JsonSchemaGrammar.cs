using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hotplug.Inference.Grammars.Json;

/// <summary>
/// Turns a JSON schema into a grammar in GBNF, all of whose texts are valid by the schema. Not every valid text is one of the grammar: properties come in the order of the schema, objects have
/// no properties that the schema does not name unless <c>additionalProperties</c> asks for them, and numbers have some 16 digits. What cannot be kept to is refused by name; annotations,
/// and formats other than date, time, date-time, uuid and ipv4, are passed over.
/// </summary>
public static class JsonSchemaGrammar
{
    /// <summary>The grammar of any JSON value.</summary>
    public static string AnyValue { get; } = Convert("true");

    /// <summary>The grammar of any JSON object.</summary>
    public static string AnyObject { get; } = Convert("""{"type":"object"}""");

    /// <summary>Converts a schema.</summary>
    /// <param name="schema">The schema as JSON: drafts 7 to 2020-12.</param>
    /// <exception cref="GrammarException">It is no JSON, is beyond a limit, or has something that a grammar cannot keep to; the message says where.</exception>
    public static string Convert(string schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        if (schema.Length > GrammarLimits.TextLength) throw new GrammarException($"The schema has {schema.Length} characters; at most {GrammarLimits.TextLength} are read.");
        try
        {
            return new SchemaWriter(JsonNode.Parse(schema, documentOptions: new() { MaxDepth = GrammarLimits.Nesting, AllowDuplicateProperties = false })).Write();
        }
        catch (JsonException malformed)
        {
            throw new GrammarException($"The schema is no JSON, or nests deeper than {GrammarLimits.Nesting}: {malformed.Message}", malformed);
        }
        // A text with half a surrogate pair comes as one of these.
        catch (Exception malformed) when (malformed is InvalidOperationException or ArgumentException)
        {
            throw new GrammarException($"The schema has a text that is none: {malformed.Message}", malformed);
        }
    }
}
