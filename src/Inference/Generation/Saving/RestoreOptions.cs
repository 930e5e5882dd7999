namespace Hotplug.Inference.Generation.Saving;

/// <summary>How a generation is restored.</summary>
public sealed record RestoreOptions
{
    /// <summary>How to generate from here on; null for the options that were saved.</summary>
    public GenerationOptions? Generation { get; init; }

    /// <summary>What becomes of the saved KV cache.</summary>
    public CacheRestore Cache { get; init; }
}
