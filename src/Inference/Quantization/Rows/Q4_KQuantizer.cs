using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Quantization.Rows;

/// <summary>Eight groups of 32, nibbles: of 64 elements the first half is in the low nibbles, the second in the high ones.</summary>
internal sealed class Q4_KQuantizer : BlockQuantizer
{
    private static readonly AffineGroup Search = new(Highest: 15, First: -1f, Tries: 20, Absolute: false);

    public override TensorType Type => TensorType.Q4_K;

    protected override void WriteBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<byte> codes = stackalloc byte[256];
        SixBitGroups.Write(values, Search, block, codes);
        for (var i = 0; i < 128; i++)
        {
            var at = i / 32 * 64 + i % 32;
            block[16 + i] = (byte)(codes[at] | codes[at + 32] << 4);
        }
    }
}
