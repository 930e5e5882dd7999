using Hotplug.Abstractions.Graphs.Operations;

namespace Hotplug.Inference.Architectures;

/// <summary>What the attention of a block is like; the tensors say the rest: fused or separate matrices, with biases or without.</summary>
internal sealed record SelfAttention
{
    /// <summary>Scale and masks.</summary>
    public required AttentionParameters Parameters { get; init; }

    /// <summary>The rotation, or null for none.</summary>
    public RopeScheme? Rope { get; init; }

    /// <summary>Norms of queries and keys.</summary>
    public HeadNorm HeadNorm { get; init; }

    /// <summary>True for one more score per head, <c>attn_sinks</c>, that takes weight but has no value.</summary>
    public bool Sinks { get; init; }

    /// <summary>True for attention among the rows of the step, without a cache.</summary>
    public bool WholeText { get; init; }
}
