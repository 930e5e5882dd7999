using Hotplug.Inference.Sampling;

namespace Hotplug.Inference.Generation;

/// <summary>
/// All there is of a generation outside of any backend: serialisable, and enough to go on elsewhere. A KV cache is made again from the tokens.
/// </summary>
public sealed record GenerationState
{
    /// <summary>The version written now.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Version of this record.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>Prompt and generated tokens.</summary>
    public required IReadOnlyList<int> Tokens { get; init; }

    /// <summary>How many of them are the prompt.</summary>
    public required int PromptLength { get; init; }

    /// <summary>State of the sampler.</summary>
    public required SamplerState Sampler { get; init; }

    /// <summary>First token that still takes part: those between the first and it have slid out of the context.</summary>
    public int WindowStart { get; init; } = 1;
}
