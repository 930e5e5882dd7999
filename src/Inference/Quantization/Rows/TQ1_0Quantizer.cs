using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Quantization.Rows;

/// <summary>
/// −d, 0 or d: five elements to a byte as a number in base 3, kept as the fraction of 256 that it is of 3⁵, so that a multiplication brings out a digit.
/// Three stretches: 160 elements in 32 bytes, 80 in 16, 16 in four bytes of four.
/// </summary>
internal sealed class TQ1_0Quantizer : BlockQuantizer
{
    private const int ScaleAt = 52, Cubes = 243;

    public override TensorType Type => TensorType.TQ1_0;

    protected override void WriteBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        var scale = MathF.Abs(Rounding.Largest(values));
        var inverse = Rounding.Inverse(scale);
        Pack(values[..160], inverse, 5, block[..32]);
        Pack(values[160..240], inverse, 5, block[32..48]);
        Pack(values[240..], inverse, 4, block[48..52]);
        BlockScale.Write(block, ScaleAt, scale);
    }

    private static void Pack(ReadOnlySpan<float> values, float inverse, int digits, Span<byte> packed)
    {
        for (var i = 0; i < packed.Length; i++)
        {
            var number = 0;
            for (var digit = 0; digit < 5; digit++)
                number = number * 3 + (digit < digits ? Rounding.Away(values[i + digit * packed.Length] * inverse) + 1 : 0);
            packed[i] = (byte)((number * 256 + Cubes - 1) / Cubes);
        }
    }
}
