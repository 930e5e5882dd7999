namespace Hotplug.Inference.Architectures;

/// <summary>Describes the models of one architecture: reads their metadata and writes their graph. Stateless; safe from any thread.</summary>
public interface IArchitecture
{
    /// <summary>The name as in <c>general.architecture</c>.</summary>
    string Name { get; }

    /// <summary>Writes down the model of a file, adapters included.</summary>
    /// <param name="input">The file, and what it is loaded with.</param>
    /// <exception cref="Gguf.GgufException">Metadata or tensors are missing, out of range, or do not fit together.</exception>
    ModelDescription Describe(ModelInput input);
}
