using System.Globalization;
using Hotplug.Inference.Models;

namespace Hotplug.Server.Ollama;

/// <summary>What a model is.</summary>
internal sealed record OllamaModelDetails(string ParentModel, string Format, string Family, IReadOnlyList<string> Families, string ParameterSize, string QuantizationLevel)
{
    /// <summary>Of a model; of one that is not loaded nothing is known.</summary>
    public static OllamaModelDetails Of(LanguageModel? model)
    {
        if (model is null) return new("", "gguf", "", [], "", "");
        var family = model.Source.Description.Architecture;
        var tensors = model.Source.File.Tensors;
        // The type that most of the weights have.
        var type = tensors.GroupBy(t => t.Spec.Type).MaxBy(group => group.Sum(t => t.Spec.Shape.ElementCount))?.Key.ToString() ?? "";
        return new("", "gguf", family, [family], Count(tensors.Sum(t => t.Spec.Shape.ElementCount)), type);
    }

    private static string Count(long parameters) => parameters switch
    {
        >= 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{parameters / 1e9:0.0}B"),
        >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{parameters / 1e6:0.0}M"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{parameters / 1e3:0.0}K"),
    };
}
