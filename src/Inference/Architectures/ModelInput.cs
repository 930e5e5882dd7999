using Hotplug.Inference.Adapters;
using Hotplug.Inference.Gguf;

namespace Hotplug.Inference.Architectures;

/// <summary>What a model is described from.</summary>
public sealed record ModelInput
{
    /// <summary>The model's file.</summary>
    public required GgufFile File { get; init; }

    /// <summary>Tokens it will be loaded for, on which rotary factors may depend; null for what it was trained with.</summary>
    public int? Context { get; init; }

    /// <summary>Adapters; their files are numbered behind those of the model, in this order.</summary>
    public IReadOnlyList<LoraAdapter> Adapters { get; init; } = [];
}
