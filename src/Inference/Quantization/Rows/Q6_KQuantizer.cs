using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Quantization.Rows;

/// <summary>Sixteen groups of 16, 6 bits, with a signed scale of 8 bits each: nibbles, planes of two bits, scales, the scale of scales.</summary>
internal sealed class Q6_KQuantizer : BlockQuantizer
{
    private const int Groups = 16, Length = 16, Reach = 32, HighAt = 128, ScalesAt = 192, ScaleAt = 208;

    public override TensorType Type => TensorType.Q6_K;

    protected override void WriteBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<byte> codes = stackalloc byte[256];
        Span<float> scales = stackalloc float[Groups];
        for (var group = 0; group < Groups; group++)
            scales[group] = SymmetricGroup.Search(values.Slice(group * Length, Length), Reach, codes.Slice(group * Length, Length));

        block.Clear();
        var largest = Rounding.Largest(scales);
        if (MathF.Abs(largest) < Rounding.Nothing) return;
        var inverse = -128f / largest;
        BlockScale.Write(block, ScaleAt, 1 / inverse);
        var unit = BlockScale.Read(block, ScaleAt);
        for (var group = 0; group < Groups; group++)
        {
            var scale = (sbyte)Math.Min(127, Rounding.Nearest(inverse * scales[group]));
            block[ScalesAt + group] = (byte)scale;
            var step = unit * scale;
            if (step == 0) continue;
            for (var i = group * Length; i < (group + 1) * Length; i++) codes[i] = (byte)(Rounding.Nearest(values[i] / step, -Reach, Reach - 1) + Reach);
        }

        // Of 128 elements the first half is in the low nibbles, the second in the high ones; a byte of upper bits holds four elements, 32 apart.
        for (var i = 0; i < 256; i++)
        {
            var (half, place) = (i / 128, i % 128);
            block[half * 64 + place % 64] |= (byte)((codes[i] & 15) << place / 64 * 4);
            block[HighAt + half * 32 + place % 32] |= (byte)(codes[i] >> 4 << place / 32 * 2);
        }
    }
}
