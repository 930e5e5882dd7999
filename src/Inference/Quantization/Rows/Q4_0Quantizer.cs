using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Quantization.Rows;

/// <summary>(q − 8)·d, 4 bits: the element of greatest size gets code 0, which reaches farthest.</summary>
internal sealed class Q4_0Quantizer : BlockQuantizer
{
    public override TensorType Type => TensorType.Q4_0;

    protected override void WriteBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        var scale = Rounding.Largest(values) / -8;
        var inverse = Rounding.Inverse(scale);
        BlockScale.Write(block, 0, scale);
        for (var i = 0; i < 16; i++)
            block[2 + i] = (byte)(Code(values[i] * inverse) | Code(values[i + 16] * inverse) << 4);
    }

    private static int Code(float value) => Math.Min(15, (int)(value + 8.5f));
}
