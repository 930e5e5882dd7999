using Hotplug.Inference.Adapters;

namespace Hotplug.Inference.Models;

/// <summary>A model that a name stands for.</summary>
/// <param name="Path">A GGUF file, or the first of several.</param>
/// <param name="Options">How it is loaded.</param>
public sealed record ConfiguredModel(string Path, ModelOptions Options)
{
    /// <summary>LoRA adapters it is loaded with.</summary>
    public IReadOnlyList<LoraReference> Adapters { get; init; } = [];
}
