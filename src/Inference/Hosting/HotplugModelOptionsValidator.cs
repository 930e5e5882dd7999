using Hotplug.Inference.Adapters;
using Hotplug.Runtime.Hosting;
using Hotplug.Runtime.Placement;
using Microsoft.Extensions.Options;

namespace Hotplug.Inference.Hosting;

/// <summary>Checks the configuration of a model, and lists all that is wrong.</summary>
internal sealed class HotplugModelOptionsValidator(IEnumerable<NamedModel> models, IOptions<HotplugOptions> runtime) : IValidateOptions<HotplugModelOptions>
{
    public ValidateOptionsResult Validate(string? name, HotplugModelOptions options)
    {
        if (!models.Any(m => m.Name == name)) return ValidateOptionsResult.Skip;
        var section = $"{HotplugOptions.SectionName}:Models:{name}";
        var problems = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Path)) problems.Add($"{section}:Path is missing. Give the path of a GGUF file.");
        foreach (var rule in options.Place)
            try
            {
                PlacementRule.Parse(rule);
            }
            catch (FormatException e)
            {
                problems.Add($"{section}:Place: {e.Message}");
            }
        foreach (var adapter in options.Lora)
            try
            {
                LoraReference.Parse(adapter);
            }
            catch (FormatException e)
            {
                problems.Add($"{section}:Lora: {e.Message}");
            }
        if (problems.Count == 0) problems.AddRange(options.ToModel(runtime.Value).Options.Validate().Select(p => $"{section}: {p}"));
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
