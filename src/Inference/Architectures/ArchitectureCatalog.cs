using System.Collections.Frozen;
using Hotplug.Inference.Gguf;

namespace Hotplug.Inference.Architectures;

/// <summary>The architectures that are known, by name. Immutable.</summary>
public sealed class ArchitectureCatalog(IEnumerable<IArchitecture> architectures)
{
    private readonly FrozenDictionary<string, IArchitecture> _byName = architectures.ToFrozenDictionary(a => a.Name, StringComparer.Ordinal);

    /// <summary>The architectures that come with the library.</summary>
    public static ArchitectureCatalog Default { get; } = new([new LlamaArchitecture()]);

    /// <summary>Names of the architectures.</summary>
    public IEnumerable<string> Names => _byName.Keys.Order(StringComparer.Ordinal);

    /// <summary>Describes the model of a file.</summary>
    /// <exception cref="GgufException">The architecture is unknown, or the file does not fit it.</exception>
    public ModelDescription Describe(GgufFile file)
    {
        var name = file.Metadata.GetString("general.architecture");
        if (!_byName.TryGetValue(name, out var architecture))
            throw file.Metadata.Invalid("general.architecture", $"the architecture '{name}' is not supported", $"use a model of one of these: {string.Join(", ", Names)}");
        return architecture.Describe(file);
    }
}
