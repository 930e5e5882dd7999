using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Inference.Models;

namespace Hotplug.Inference.Generation.Saving;

/// <summary>What a saved generation depends on: a model that answers to the same stamp can go on with it.</summary>
public sealed record ModelStamp
{
    /// <summary>Name of the model's first file, for people; models may be renamed.</summary>
    public required string Name { get; init; }

    /// <summary><see cref="LanguageModel.Identity"/>.</summary>
    public required string Identity { get; init; }

    /// <summary>Bytes of each of its files.</summary>
    public required IReadOnlyList<long> FileLengths { get; init; }

    /// <summary>Name of its architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>How positions were rotated into the cached keys: the different ones among the parameters of its layers.</summary>
    public required IReadOnlyList<RopeParameters> Rope { get; init; }

    /// <summary>The stamp of a loaded model.</summary>
    public static ModelStamp Of(LanguageModel model) => new()
    {
        Name = System.IO.Path.GetFileName(model.Source.File.Paths[0]),
        Identity = model.Identity,
        FileLengths = [.. model.Source.File.FileLengths],
        Architecture = model.Source.Description.Architecture,
        Rope = [.. model.Executor.Plan.Request.Graph.Nodes.Select(n => n.Operation).OfType<Rope>().Select(r => r.Parameters).Distinct()],
    };

    /// <summary>Says what tells a loaded model from this one, with the field, or null if nothing does.</summary>
    public (string Field, string Problem)? Difference(LanguageModel model)
    {
        var loaded = Of(model);
        if (Architecture != loaded.Architecture) return ("model.architecture", $"it was saved from a model of the architecture {Architecture} ({Name}), and {loaded.Name} is of {loaded.Architecture}");
        if (!FileLengths.SequenceEqual(loaded.FileLengths))
            return ("model.fileLengths", $"it was saved from {Name} with {string.Join(" + ", FileLengths)} bytes, and {loaded.Name} has {string.Join(" + ", loaded.FileLengths)}");
        if (Identity != loaded.Identity) return ("model.identity", $"it was saved from another model ({Name}): metadata, tensors, weights or adapters differ from those of {loaded.Name}");
        return Rope.SequenceEqual(loaded.Rope) ? null : ("model.rope", "positions were rotated with other parameters than the model is loaded with");
    }
}
