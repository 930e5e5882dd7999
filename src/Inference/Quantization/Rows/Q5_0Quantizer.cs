using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Quantization.Rows;

/// <summary>(q − 16)·d, 5 bits: the element of greatest size gets code 0.</summary>
internal sealed class Q5_0Quantizer : BlockQuantizer
{
    public override TensorType Type => TensorType.Q5_0;

    protected override void WriteBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        var scale = Rounding.Largest(values) / -16;
        var inverse = Rounding.Inverse(scale);
        Span<byte> codes = stackalloc byte[32];
        for (var i = 0; i < codes.Length; i++) codes[i] = (byte)Math.Min(31, (int)(values[i] * inverse + 16.5f));
        BlockScale.Write(block, 0, scale);
        FifthBits.Pack(codes, block[2..]);
    }
}
