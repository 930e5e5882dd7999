using System.Text.Json;
using Hotplug.Server.Http;

namespace Hotplug.Server.Ollama;

/// <summary>The body of <c>POST /api/embed</c>.</summary>
internal sealed record OllamaEmbedRequest
{
    public string? Model { get; init; }
    public JsonElement? Input { get; init; }
    public bool? Truncate { get; init; }
    public int? Dimensions { get; init; }

    /// <summary>The texts; one that is only one as well.</summary>
    public IReadOnlyList<string> Texts() => Input switch
    {
        { ValueKind: JsonValueKind.String } one => [one.GetString()!],
        { ValueKind: JsonValueKind.Array } several when several.EnumerateArray().All(t => t.ValueKind == JsonValueKind.String) => [.. several.EnumerateArray().Select(t => t.GetString()!)],
        _ => throw ApiException.Invalid("input is missing, or neither a text nor a list of texts.", "input"),
    };
}
