using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Quantization.Rows;

/// <summary>−d, 0 or d in two bits.</summary>
internal sealed class TQ2_0Quantizer : BlockQuantizer
{
    private const int ScaleAt = 64;

    public override TensorType Type => TensorType.TQ2_0;

    protected override void WriteBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        var scale = MathF.Abs(Rounding.Largest(values));
        var inverse = Rounding.Inverse(scale);
        Span<byte> codes = stackalloc byte[256];
        for (var i = 0; i < codes.Length; i++) codes[i] = (byte)(Rounding.Away(values[i] * inverse) + 1);
        TwoBitPlanes.Pack(codes, block);
        BlockScale.Write(block, ScaleAt, scale);
    }
}
