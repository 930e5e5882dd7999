using Hotplug.Abstractions.Tensors;

namespace Hotplug.ModelForge;

/// <summary>What a model of random weights is like. The same recipe makes the same file.</summary>
public sealed record ModelRecipe
{
    /// <summary>The architecture, as in <c>general.architecture</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>Width of the residual.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Blocks.</summary>
    public int Blocks { get; init; } = 2;

    /// <summary>Query heads.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Heads of keys and values.</summary>
    public int KvHeads { get; init; } = 2;

    /// <summary>Elements per head; 0 for the width by the number of heads.</summary>
    public int HeadWidth { get; init; }

    /// <summary>Width of the hidden layer, of an expert if there are any.</summary>
    public int FeedForward { get; init; } = 96;

    /// <summary>Experts per block; 0 for none.</summary>
    public int Experts { get; init; }

    /// <summary>Experts per token.</summary>
    public int ExpertsUsed { get; init; } = 2;

    /// <summary>Tokens of the vocabulary, at least 320.</summary>
    public int Vocabulary { get; init; } = 320;

    /// <summary>Tokens of context.</summary>
    public int Context { get; init; } = 256;

    /// <summary>True if the output matrix is that of the embedding.</summary>
    public bool TiedOutput { get; init; }

    /// <summary>True if queries, keys and values are one matrix.</summary>
    public bool FusedAttention { get; init; }

    /// <summary>Type of the matrices whose rows are whole blocks of it; the others are F32.</summary>
    public TensorType Type { get; init; } = TensorType.F32;

    /// <summary>Type of the embedding, if another.</summary>
    public TensorType? EmbeddingType { get; init; }

    /// <summary>Type of an output matrix of its own, if another.</summary>
    public TensorType? OutputType { get; init; }

    /// <summary>Type of the experts' matrices, if another.</summary>
    public TensorType? ExpertType { get; init; }

    /// <summary>Different rows of a tensor; a tensor of more rows repeats them in random order, so that large files are made quickly. 0 if all are different.</summary>
    public int DistinctRows { get; init; }

    /// <summary>Seed of the weights.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>More metadata, or other values for what is written anyway; keys without the architecture's prefix.</summary>
    public IReadOnlyDictionary<string, object> Metadata { get; init; } = new Dictionary<string, object>();

    /// <summary>Elements per head.</summary>
    public int HeadElements => HeadWidth > 0 ? HeadWidth : Width / Heads;
}
