using Hotplug.Abstractions.Tensors;

namespace Hotplug.Reference.Tolerances;

/// <summary>
/// How much a backend may change activations before it multiplies them with weights of a type.
/// <list type="bullet">
/// <item>F32 weights: not at all.</item>
/// <item>F16 weights: rounding to half precision, |x|·2⁻¹¹, and 2⁻²⁵ where that is subnormal.</item>
/// <item>BF16 weights: rounding to it, |x|·2⁻⁹.</item>
/// <item>Quantised weights: eight bits with one scale d = max|x|/127 per block. Rounding to the nearest code is off by at most d/2, and by at most
/// |x| where the code is 0; a zero stays zero. A scale kept in half precision adds 2⁻¹¹ of the element. Blocks are of 32 elements (as llama.cpp's
/// Q8_0 and Q8_1) or of 256 (Q8_K); the bound takes the larger, aligned to 256, which contains the smaller.</item>
/// </list>
/// Where a block has one element other than zero the bound falls to 2⁻⁷ of its product: activations with one such element per 256 tell a wrong
/// scale and a swapped code apart from quantised activations, whatever the length of the row.
/// </summary>
public static class ActivationRounding
{
    /// <summary>Elements over which a backend may share one scale.</summary>
    public const int Block = 256;

    /// <summary>Half a step of eight bits, as a part of the largest element, with room for the rounding of the division.</summary>
    public const double HalfStep = 0.501 / 127;

    /// <summary>Largest permitted change of each element of a row of activations.</summary>
    /// <param name="weight">Type of the weights.</param>
    /// <param name="activations">The row.</param>
    /// <param name="errors">Receives the changes.</param>
    public static void Errors(TensorType weight, ReadOnlySpan<double> activations, Span<double> errors)
    {
        for (var start = 0; start < activations.Length; start += Block)
        {
            var block = activations.Slice(start, Math.Min(Block, activations.Length - start));
            var largest = 0.0;
            foreach (var x in block) largest = Math.Max(largest, Math.Abs(x));
            for (var i = 0; i < block.Length; i++) errors[start + i] = Error(weight, Math.Abs(block[i]), largest);
        }
    }

    private static double Error(TensorType weight, double x, double largest) => weight switch
    {
        TensorType.F32 or TensorType.F64 => 0,
        TensorType.F16 => x * Math.ScaleB(1, -11) + Math.ScaleB(1, -25),
        TensorType.BF16 => x * Math.ScaleB(1, -9),
        _ => Math.Min(x, largest * HalfStep) * (1 + Math.ScaleB(1, -11)) + x * Math.ScaleB(1, -11),
    };
}
