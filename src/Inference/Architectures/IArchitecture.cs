using Hotplug.Inference.Gguf;

namespace Hotplug.Inference.Architectures;

/// <summary>Describes the models of one architecture: reads their metadata and writes their graph. Stateless; safe from any thread.</summary>
public interface IArchitecture
{
    /// <summary>The name as in <c>general.architecture</c>.</summary>
    string Name { get; }

    /// <summary>Writes down the model of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="context">Tokens it will be loaded for, on which rotary factors may depend; null for what it was trained with.</param>
    /// <exception cref="GgufException">Metadata or tensors are missing, out of range, or do not fit together.</exception>
    ModelDescription Describe(GgufFile file, int? context);
}
