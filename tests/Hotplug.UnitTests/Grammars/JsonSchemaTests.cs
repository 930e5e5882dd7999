using System.Text.Json;
using Hotplug.Inference.Grammars;
using Hotplug.Inference.Grammars.Json;
using Json.Schema;
using Xunit;

namespace Hotplug.UnitTests.Grammars;

/// <summary>What is written under the grammar of a schema is valid by the schema, in the judgement of a validator that knows nothing of grammars.</summary>
public sealed class JsonSchemaTests
{
    [Theory]
    [InlineData(0, 500)]
    public void Every_text_is_valid_by_its_schema(int first, int count)
    {
        for (var seed = first; seed < first + count; seed++)
        {
            var schema = new RandomSchema(new Random(seed)).Next().ToJsonString();
            string gbnf = "", text = "";
            try
            {
                gbnf = JsonSchemaGrammar.Convert(schema);
                text = RandomText.Write(CompiledGrammar.Compile(gbnf, StoryVocabulary.Tokenizer), StoryVocabulary.Tokenizer, new Random(seed));
                AssertValid(schema, text);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                Assert.Fail($"Seed {seed}: {failure.Message}\n{schema}\n{gbnf}\n{text}");
            }
        }
    }

    [Fact]
    public void The_validator_does_not_pass_everything()
    {
        Assert.ThrowsAny<Exception>(() => AssertValid("""{"type":"integer","maximum":3}""", "4"));
        Assert.ThrowsAny<Exception>(() => AssertValid("""{"type":"string","format":"date"}""", "\"2023-02-31\""));
    }

    [Fact]
    public void Any_value_and_any_object_are_json()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            JsonDocument.Parse(RandomText.Write(CompiledGrammar.Compile(JsonSchemaGrammar.AnyValue, StoryVocabulary.Tokenizer), StoryVocabulary.Tokenizer, new Random(seed)));
            var any = JsonDocument.Parse(RandomText.Write(CompiledGrammar.Compile(JsonSchemaGrammar.AnyObject, StoryVocabulary.Tokenizer), StoryVocabulary.Tokenizer, new Random(seed)));
            Assert.Equal(JsonValueKind.Object, any.RootElement.ValueKind);
        }
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"not":{"type":"string"}}}}""", "#/properties/a", "not")]
    [InlineData("""{"type":"array","uniqueItems":true}""", "#", "uniqueItems")]
    [InlineData("""{"type":"number","multipleOf":0.5}""", "#", "multipleOf")]
    [InlineData("""{"type":"strin"}""", "#", "strin")]
    [InlineData("""{"$ref":"#/$defs/none"}""", "#", "#/$defs/none")]
    [InlineData("""{"$ref":"https://example.org/schema"}""", "#", "$defs")]
    [InlineData("""{"$ref":"#"}""", "", "left recursive")]
    [InlineData("""{"$defs":{"a":{"$ref":"#/$defs/a"}},"allOf":[{"$ref":"#/$defs/a"}]}""", "#", "circle")]
    [InlineData("""{"type":"integer","minimum":5,"maximum":4}""", "#", "between the bounds")]
    [InlineData("""{"oneOf":[{"type":"integer"},{"type":"number"}]}""", "#", "oneOf")]
    [InlineData("""{"type":"string","pattern":"(?=a)b"}""", "#", "pattern")]
    [InlineData("""{"type":"string","pattern":"(((a"}""", "#", "not closed")]
    [InlineData("""{"type":"string","maxLength":1000000000}""", "#", "maxLength")]
    [InlineData("""{"type":"object","required":["a"],"properties":{"a":false}}""", "#/properties/a", "nothing is valid")]
    [InlineData("""{"a":1""", "", "no JSON")]
    [InlineData("""{"type":"object","type":"array"}""", "", "no JSON")]
    [InlineData("""["no schema"]""", "#", "object, true or false")]
    [InlineData("""{"type":"string","enum":["\ud800"]}""", "", "schema")]
    public void What_cannot_be_kept_to_is_refused_with_the_place(string schema, string place, string said)
    {
        var error = Assert.Throws<GrammarException>(() => CompiledGrammar.Compile(JsonSchemaGrammar.Convert(schema), StoryVocabulary.Tokenizer));
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_schemas_end_in_an_error()
    {
        // Deep, wide and self-multiplying ones.
        foreach (var schema in (string[])
        [
            string.Concat(Enumerable.Repeat("""{"type":"array","items":""", 5000)) + "true" + new string('}', 5000),
            $$"""{"type":"string","pattern":"{{new string('(', 5000)}}"}""",
            """{"type":"string","pattern":"^((((a{1000}){1000}){1000}){1000})$"}""",
            """{"type":"array","items":{"type":"array","items":{"type":"array","minItems":60000},"minItems":60000},"minItems":60000}""",
            $$"""{"allOf":[{{string.Join(',', Enumerable.Range(0, 3000).Select(i => $"{{\"properties\":{{\"p{i}\":{{\"type\":\"integer\"}}}}}}"))}}]}""",
            """{"$defs":{"a":{"anyOf":[{"$ref":"#/$defs/a","type":"object"},{"$ref":"#/$defs/a","type":"array"}]}},"$ref":"#/$defs/a","title":"t","type":"object"}""",
        ]) Assert.Throws<GrammarException>(() => CompiledGrammar.Compile(JsonSchemaGrammar.Convert(schema), StoryVocabulary.Tokenizer));
    }

    private static void AssertValid(string schema, string text)
    {
        using var instance = JsonDocument.Parse(text);
        var result = JsonSchema.FromText(schema, new BuildOptions { SchemaRegistry = new() }).Evaluate(instance.RootElement, new EvaluationOptions { RequireFormatValidation = true });
        Assert.True(result.IsValid, "The text is not valid.");
    }
}
