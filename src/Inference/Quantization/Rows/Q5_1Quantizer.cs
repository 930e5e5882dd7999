using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Quantization.Rows;

/// <summary>q·d + m, 5 bits: from the smallest element to the largest.</summary>
internal sealed class Q5_1Quantizer : BlockQuantizer
{
    public override TensorType Type => TensorType.Q5_1;

    protected override void WriteBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        var (smallest, largest) = Rounding.Range(values);
        var scale = (largest - smallest) / 31;
        var inverse = Rounding.Inverse(scale);
        Span<byte> codes = stackalloc byte[32];
        for (var i = 0; i < codes.Length; i++) codes[i] = (byte)((values[i] - smallest) * inverse + 0.5f);
        BlockScale.Write(block, 0, scale);
        BlockScale.Write(block, 2, smallest);
        FifthBits.Pack(codes, block[4..]);
    }
}
