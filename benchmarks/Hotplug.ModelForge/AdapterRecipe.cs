using Hotplug.Abstractions.Tensors;

namespace Hotplug.ModelForge;

/// <summary>What a LoRA adapter of random matrices is like. The same recipe makes the same file.</summary>
public sealed record AdapterRecipe
{
    /// <summary>The model it is for.</summary>
    public required ModelRecipe Model { get; init; }

    /// <summary>Rank of its matrices.</summary>
    public int Rank { get; init; } = 4;

    /// <summary>The factor before it is divided by the rank; null writes none.</summary>
    public float? Alpha { get; init; } = 8;

    /// <summary>Names of the model's tensors that it is for; null for all matrices except the embedding.</summary>
    public IReadOnlyCollection<string>? Targets { get; init; }

    /// <summary>Type of its matrices, where the rank and the rows are whole blocks of it.</summary>
    public TensorType Type { get; init; } = TensorType.F32;

    /// <summary>Seed of its elements.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>More metadata, or other values for what is written anyway.</summary>
    public IReadOnlyDictionary<string, object> Metadata { get; init; } = new Dictionary<string, object>();
}
