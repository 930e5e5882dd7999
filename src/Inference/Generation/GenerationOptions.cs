using Hotplug.Inference.Sampling;

namespace Hotplug.Inference.Generation;

/// <summary>How text is generated.</summary>
public sealed record GenerationOptions
{
    /// <summary>Tokens to generate at most.</summary>
    public int MaxTokens { get; init; } = 128;

    /// <summary>How tokens are chosen.</summary>
    public SamplerOptions Sampler { get; init; } = new();

    /// <summary>Texts that end the generation; they are not part of the result.</summary>
    public IReadOnlyList<string> StopStrings { get; init; } = [];

    /// <summary>What to do when the context is full.</summary>
    public ContextOverflow Overflow { get; init; }

    /// <summary>Goes on when the model wants to end.</summary>
    public bool IgnoreEndOfGeneration { get; init; }
}
