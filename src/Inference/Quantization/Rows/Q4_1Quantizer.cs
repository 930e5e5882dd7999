using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Quantization.Rows;

/// <summary>q·d + m, 4 bits: from the smallest element to the largest.</summary>
internal sealed class Q4_1Quantizer : BlockQuantizer
{
    public override TensorType Type => TensorType.Q4_1;

    protected override void WriteBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        var (smallest, largest) = Rounding.Range(values);
        var scale = (largest - smallest) / 15;
        var inverse = Rounding.Inverse(scale);
        BlockScale.Write(block, 0, scale);
        BlockScale.Write(block, 2, smallest);
        for (var i = 0; i < 16; i++)
            block[4 + i] = (byte)(Code((values[i] - smallest) * inverse) | Code((values[i + 16] - smallest) * inverse) << 4);
    }

    private static int Code(float value) => Math.Min(15, (int)(value + 0.5f));
}
