namespace Hotplug.Inference.Generation;

/// <summary>Why a generation ended.</summary>
public enum FinishReason
{
    /// <summary>It has not ended.</summary>
    None,
    /// <summary>The model wrote a token that ends its turn.</summary>
    EndOfGeneration,
    /// <summary>A stop string appeared.</summary>
    StopString,
    /// <summary>The number of tokens asked for is reached.</summary>
    Length,
    /// <summary>The context is full.</summary>
    ContextFull,
}
