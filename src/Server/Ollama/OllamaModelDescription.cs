using System.Text.Json.Nodes;
using Hotplug.Inference.Architectures;
using Hotplug.Inference.Chat;
using Hotplug.Inference.Gguf;
using Hotplug.Inference.Models;

namespace Hotplug.Server.Ollama;

/// <summary>A model in full.</summary>
/// <param name="License">What its file says of its licence.</param>
/// <param name="Modelfile">There is none.</param>
/// <param name="Parameters">There are none that go with the model.</param>
/// <param name="Template">Its chat template, in Jinja.</param>
/// <param name="Details">What it is.</param>
/// <param name="ModelInfo">The metadata of its file; lists are left out.</param>
/// <param name="Capabilities">What can be done with it.</param>
/// <param name="ModifiedAt">When its file was written.</param>
internal sealed record OllamaModelDescription(
    string License, string Modelfile, string Parameters, string Template, OllamaModelDetails Details, JsonObject ModelInfo, IReadOnlyList<string> Capabilities, DateTimeOffset ModifiedAt)
{
    public static OllamaModelDescription Of(LanguageModel model)
    {
        var metadata = model.Source.File.Metadata;
        var writes = model.Source.Description.Purpose == ModelPurpose.Text;
        var template = writes ? ChatTemplate.Of(metadata, model.Tokenizer).Source : "";
        return new(metadata.GetString("general.license", ""), "", "", template, OllamaModelDetails.Of(model), Info(metadata), writes ? Abilities(template) : ["embedding"], File.GetLastWriteTimeUtc(model.Source.File.Paths[0]));
    }

    private static string[] Abilities(string template)
    {
        var abilities = new List<string> { "completion" };
        if (template.Contains("tools", StringComparison.Ordinal)) abilities.Add("tools");
        if (template.Contains("<think>", StringComparison.Ordinal) || template.Contains("enable_thinking", StringComparison.Ordinal)) abilities.Add("thinking");
        return [.. abilities];
    }

    private static JsonObject Info(GgufMetadata metadata)
    {
        var info = new JsonObject();
        foreach (var entry in metadata.Entries.Where(e => !e.IsArray))
            info[entry.Key] = entry.Type switch
            {
                GgufValueType.String => metadata.GetString(entry.Key),
                GgufValueType.Bool => metadata.GetBool(entry.Key),
                GgufValueType.Float32 or GgufValueType.Float64 => metadata.GetFloat(entry.Key) is var number && float.IsFinite(number) ? number : null,
                // It may be more than a signed number holds.
                GgufValueType.UInt64 => JsonNode.Parse(metadata.Preview(entry)),
                _ => metadata.GetInt64(entry.Key),
            };
        return info;
    }
}
