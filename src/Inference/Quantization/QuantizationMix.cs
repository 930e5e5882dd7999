using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Quantization;

/// <summary>
/// What a quantised file is called: one tensor type, or a main one with others for the tensors that suffer most. Names, numbers and choices are those of llama.cpp.
/// Immutable, safe from any thread.
/// </summary>
public sealed record QuantizationMix
{
    private QuantizationMix(string name, int fileType, TensorType type) => (Name, FileType, Type) = (name, fileType, type);

    /// <summary>The mixes that can be written.</summary>
    public static IReadOnlyList<QuantizationMix> All { get; } =
    [
        new("F32", 0, TensorType.F32), new("F16", 1, TensorType.F16), new("BF16", 32, TensorType.BF16),
        new("Q8_0", 7, TensorType.Q8_0), new("Q4_0", 2, TensorType.Q4_0), new("Q4_1", 3, TensorType.Q4_1), new("Q5_0", 8, TensorType.Q5_0), new("Q5_1", 9, TensorType.Q5_1),
        new("Q2_K", 10, TensorType.Q2_K), new("Q3_K_S", 11, TensorType.Q3_K), new("Q3_K_M", 12, TensorType.Q3_K), new("Q3_K_L", 13, TensorType.Q3_K),
        new("Q4_K_S", 14, TensorType.Q4_K), new("Q4_K_M", 15, TensorType.Q4_K), new("Q5_K_S", 16, TensorType.Q5_K), new("Q5_K_M", 17, TensorType.Q5_K), new("Q6_K", 18, TensorType.Q6_K),
        new("TQ1_0", 36, TensorType.TQ1_0), new("TQ2_0", 37, TensorType.TQ2_0),
    ];

    /// <summary>The name, such as <c>Q4_K_M</c>.</summary>
    public string Name { get; }

    /// <summary>The number that a file has under <c>general.file_type</c>.</summary>
    public int FileType { get; }

    /// <summary>The type of most tensors.</summary>
    public TensorType Type { get; }

    /// <summary>Finds a mix; case does not matter, and <c>Q3_K</c>, <c>Q4_K</c> and <c>Q5_K</c> are the medium ones.</summary>
    public static QuantizationMix? Find(string name)
    {
        if (name.ToUpperInvariant() is "Q3_K" or "Q4_K" or "Q5_K") name += "_M";
        return All.FirstOrDefault(mix => mix.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
