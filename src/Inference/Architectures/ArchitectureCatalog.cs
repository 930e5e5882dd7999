using System.Collections.Frozen;
using Hotplug.Inference.Gguf;
using Hotplug.Runtime.Graphs;

namespace Hotplug.Inference.Architectures;

/// <summary>The architectures that are known, by name. Immutable.</summary>
public sealed class ArchitectureCatalog(IEnumerable<IArchitecture> architectures)
{
    private readonly FrozenDictionary<string, IArchitecture> _byName = architectures.ToFrozenDictionary(a => a.Name, StringComparer.Ordinal);

    /// <summary>The architectures that come with the library.</summary>
    public static ArchitectureCatalog Default { get; } = new(
    [
        new LlamaArchitecture(),
        new QwenArchitecture("qwen2", HeadNorm.None), new QwenArchitecture("qwen3", HeadNorm.PerHead), new QwenArchitecture("qwen3moe", HeadNorm.PerHead, hasExperts: true),
        new GemmaArchitecture(2), new GemmaArchitecture(3),
        new Phi3Architecture(), new Olmo2Architecture(), new GraniteArchitecture("granite"), new GraniteArchitecture("granitemoe"),
        new Gpt2Architecture(), new Starcoder2Architecture(), new GptOssArchitecture(),
        new BertArchitecture("bert", isNomic: false), new BertArchitecture("nomic-bert", isNomic: true),
    ]);

    /// <summary>Names of the architectures.</summary>
    public IEnumerable<string> Names => _byName.Keys.Order(StringComparer.Ordinal);

    /// <summary>Describes the model of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="context">Tokens it will be loaded for; null for what it was trained with.</param>
    /// <exception cref="GgufException">The architecture is unknown, or the file does not fit it.</exception>
    public ModelDescription Describe(GgufFile file, int? context = null) => Describe(new ModelInput { File = file, Context = context });

    /// <summary>Describes a model with what it is loaded with.</summary>
    /// <exception cref="GgufException">The architecture is unknown, or the file or an adapter does not fit it.</exception>
    public ModelDescription Describe(ModelInput input)
    {
        var file = input.File;
        var name = file.Metadata.GetString("general.architecture");
        if (!_byName.TryGetValue(name, out var architecture))
            throw file.Metadata.Invalid("general.architecture", $"the architecture '{name}' is not supported", $"use a model of one of these: {string.Join(", ", Names)}");
        try
        {
            return architecture.Describe(input);
        }
        catch (GraphException e)
        {
            throw new GgufException(file.Paths[0], 0, name, e.Message, "convert the model anew", e);
        }
    }
}
