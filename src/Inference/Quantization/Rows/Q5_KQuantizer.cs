using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Quantization.Rows;

/// <summary>Eight groups of 32: a plane of fifth bits, one bit per group, and nibbles as in Q4_K.</summary>
internal sealed class Q5_KQuantizer : BlockQuantizer
{
    private static readonly AffineGroup Search = new(Highest: 31, First: -0.5f, Tries: 15, Absolute: false);

    public override TensorType Type => TensorType.Q5_K;

    protected override void WriteBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<byte> codes = stackalloc byte[256];
        SixBitGroups.Write(values, Search, block, codes);
        var high = block.Slice(16, 32);
        high.Clear();
        for (var i = 0; i < 256; i++) high[i % 32] |= (byte)(codes[i] >> 4 << i / 32);
        for (var i = 0; i < 128; i++)
        {
            var at = i / 32 * 64 + i % 32;
            block[48 + i] = (byte)(codes[at] & 15 | (codes[at + 32] & 15) << 4);
        }
    }
}
