using System.Text.Json;
using Hotplug.Server.Http;
using Microsoft.Extensions.AI;

namespace Hotplug.Server.OpenAI.Chat;

/// <summary>The form that an answer has to have.</summary>
internal sealed record ResponseFormat
{
    public string? Type { get; init; }
    public ResponseSchema? JsonSchema { get; init; }

    public ChatResponseFormat ToFormat() => Type switch
    {
        "text" => ChatResponseFormat.Text,
        "json_object" => ChatResponseFormat.Json,
        "json_schema" when JsonSchema?.Schema is { ValueKind: JsonValueKind.Object or JsonValueKind.True } schema => ChatResponseFormat.ForJsonSchema(schema, JsonSchema.Name, JsonSchema.Description),
        "json_schema" => throw ApiException.Invalid("response_format has no schema. Put it in json_schema.schema.", "response_format"),
        _ => throw ApiException.Invalid($"'{Type}' is no form of an answer; there are text, json_object and json_schema.", "response_format"),
    };
}
