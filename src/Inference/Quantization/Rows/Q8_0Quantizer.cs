using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Quantization.Rows;

/// <summary>q·d, 8 bits: the element of greatest size gets ±127.</summary>
internal sealed class Q8_0Quantizer : BlockQuantizer
{
    public override TensorType Type => TensorType.Q8_0;

    protected override void WriteBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        var scale = MathF.Abs(Rounding.Largest(values)) / 127;
        var inverse = Rounding.Inverse(scale);
        BlockScale.Write(block, 0, scale);
        for (var i = 0; i < values.Length; i++) block[2 + i] = (byte)(sbyte)Rounding.Away(values[i] * inverse);
    }
}
