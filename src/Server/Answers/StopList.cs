using System.Text.Json;
using Hotplug.Server.Http;

namespace Hotplug.Server.Answers;

/// <summary>Reads texts that end an answer: one, or a list.</summary>
internal static class StopList
{
    /// <summary>Most texts that are looked for.</summary>
    private const int MaxStops = 256;

    /// <exception cref="ApiException">It is neither, or one of them is empty.</exception>
    public static string[] Read(JsonElement? stop, string parameter = "stop")
    {
        string[] stops = stop switch
        {
            null or { ValueKind: JsonValueKind.Null } => [],
            { ValueKind: JsonValueKind.String } one => [one.GetString()!],
            { ValueKind: JsonValueKind.Array } several when several.EnumerateArray().All(s => s.ValueKind == JsonValueKind.String) => [.. several.EnumerateArray().Select(s => s.GetString()!)],
            _ => throw ApiException.Invalid($"{parameter} is neither a text nor a list of texts.", parameter),
        };
        if (stops.Length > MaxStops) throw ApiException.Invalid($"{parameter} has {stops.Length} texts; at most {MaxStops} are looked for.", parameter);
        return stops.Any(s => s.Length == 0) ? throw ApiException.Invalid($"A text of {parameter} is empty, and would end every answer at once.", parameter) : stops;
    }
}
