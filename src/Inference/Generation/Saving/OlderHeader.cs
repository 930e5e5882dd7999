using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hotplug.Inference.Generation.Saving;

/// <summary>Headers of older versions of the format lack what was not known then: it gets its default, which is what held then.</summary>
internal static class OlderHeader
{
    // These were always there.
    private static readonly string[] Required = ["version", "tokens", "promptLength", "sampler"];

    /// <summary>The header with all members. One that is no JSON comes back as it is, for its reader to complain of.</summary>
    public static byte[] Complete(byte[] header)
    {
        try
        {
            if (JsonNode.Parse(header, documentOptions: new() { AllowDuplicateProperties = false }) is not JsonObject saved) return header;
            var options = (JsonObject)JsonSerializer.SerializeToNode(new(), GenerationJson.Default.GenerationOptions)!;
            var state = (JsonObject)JsonSerializer.SerializeToNode(new() { Tokens = [], PromptLength = 0, Sampler = new() { Random = [], RecentTokens = [] } }, GenerationJson.Default.GenerationState)!;
            Fill(saved["options"]?["sampler"], (JsonObject)options["sampler"]!, []);
            Fill(saved["options"], options, []);
            Fill(saved["state"], state, Required);
            return JsonSerializer.SerializeToUtf8Bytes(saved, GenerationJson.Default.JsonObject);
        }
        // Also of members that are no objects.
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or ArgumentException)
        {
            return header;
        }
    }

    private static void Fill(JsonNode? node, JsonObject defaults, string[] required)
    {
        if (node is not JsonObject members) return;
        foreach (var (name, value) in defaults)
            if (!members.ContainsKey(name) && !required.Contains(name)) members[name] = value?.DeepClone();
    }
}
