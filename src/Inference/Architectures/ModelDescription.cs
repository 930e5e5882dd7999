using Hotplug.Abstractions.Graphs;
using Hotplug.Runtime.Graphs;
using Hotplug.Runtime.Placement;

namespace Hotplug.Inference.Architectures;

/// <summary>A model as the runtime needs it: its graph, and where the weights stand. Immutable.</summary>
public sealed record ModelDescription
{
    /// <summary>Name of the architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>What the output is.</summary>
    public ModelPurpose Purpose { get; init; }

    /// <summary>The graph. Its output is <c>[v, o]</c> logits, or <c>[d, s]</c> embeddings.</summary>
    public required ModelGraph Graph { get; init; }

    /// <summary>Where the bytes of each weight of the graph stand.</summary>
    public required IReadOnlyDictionary<GraphValue, WeightLocation> Weights { get; init; }

    /// <summary>Tokens the model was trained to look back on.</summary>
    public required int TrainedContext { get; init; }

    /// <summary>Positions the model has at most, or null where a context may be longer than that of the training.</summary>
    public int? LongestContext { get; init; }

    /// <summary>True if the graph is another for another context: rotary factors may be.</summary>
    public bool DependsOnContext { get; init; }

    /// <summary>Width of the residual.</summary>
    public required int EmbeddingLength { get; init; }

    /// <summary>Blocks.</summary>
    public required int BlockCount { get; init; }

    /// <summary>Rows of the logits.</summary>
    public required int VocabularySize { get; init; }
}
