namespace Hotplug.Inference.Quantization;

/// <summary>What a tensor is for, as far as its type depends on it.</summary>
internal enum TensorRole
{
    /// <summary>Anything else.</summary>
    Other,
    /// <summary>The table of embeddings.</summary>
    Embedding,
    /// <summary>The output matrix.</summary>
    Output,
    /// <summary>Values, or what holds them among others.</summary>
    Values,
    /// <summary>Keys.</summary>
    Keys,
    /// <summary>The projection behind attention.</summary>
    AttentionOutput,
    /// <summary>The matrix behind the hidden layer.</summary>
    Down,
}
