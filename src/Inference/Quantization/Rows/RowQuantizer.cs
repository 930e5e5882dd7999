using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Quantization.Rows;

/// <summary>Writes rows of single-precision elements in one tensor type. Stateless, safe from any thread.</summary>
internal abstract class RowQuantizer
{
    private static readonly RowQuantizer[] All =
    [
        new F32Quantizer(), new F16Quantizer(), new BF16Quantizer(),
        new Q4_0Quantizer(), new Q4_1Quantizer(), new Q5_0Quantizer(), new Q5_1Quantizer(), new Q8_0Quantizer(),
        new Q2_KQuantizer(), new Q3_KQuantizer(), new Q4_KQuantizer(), new Q5_KQuantizer(), new Q6_KQuantizer(),
        new TQ1_0Quantizer(), new TQ2_0Quantizer(),
    ];

    /// <summary>The types that can be written.</summary>
    public static IEnumerable<TensorType> Types => All.Select(quantizer => quantizer.Type);

    /// <summary>The type that this writes.</summary>
    public abstract TensorType Type { get; }

    /// <summary>The one that writes <paramref name="type"/>.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    public static RowQuantizer Of(TensorType type)
        => Array.Find(All, quantizer => quantizer.Type == type) ?? throw new NotSupportedException($"{type} cannot be written. Known: {string.Join(", ", Types)}.");

    /// <summary>Writes a row.</summary>
    /// <param name="values">Finite elements, a whole number of blocks.</param>
    /// <param name="row">Room for exactly their bytes.</param>
    /// <exception cref="OverflowException">An element, or the scale of a block, is beyond what the type can hold.</exception>
    public abstract void Write(ReadOnlySpan<float> values, Span<byte> row);
}
