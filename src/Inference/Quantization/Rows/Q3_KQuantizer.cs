using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Quantization.Rows;

/// <summary>Sixteen groups of 16, 3 bits, with a signed scale of 6 bits each: a plane of third bits, planes of two bits, scales, the scale of scales.</summary>
internal sealed class Q3_KQuantizer : BlockQuantizer
{
    private const int Groups = 16, Length = 16, Reach = 4, ScaleReach = 32, CodesAt = 32, ScalesAt = 96, ScaleAt = 108;

    public override TensorType Type => TensorType.Q3_K;

    protected override void WriteBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<byte> codes = stackalloc byte[256];
        Span<float> scales = stackalloc float[Groups];
        for (var group = 0; group < Groups; group++)
            scales[group] = SymmetricGroup.Refine(values.Slice(group * Length, Length), Reach, codes.Slice(group * Length, Length));

        block.Clear();
        var largest = Rounding.Largest(scales);
        var inverse = largest != 0 ? -ScaleReach / largest : 0f;
        BlockScale.Write(block, ScaleAt, largest != 0 ? 1 / inverse : 0f);
        var unit = BlockScale.Read(block, ScaleAt);
        for (var group = 0; group < Groups; group++)
        {
            // Without any scale the packed ones stay 0, which is read as the lowest.
            var scale = largest != 0 ? Rounding.Nearest(inverse * scales[group], -ScaleReach, ScaleReach - 1) : -ScaleReach;
            Pack(block.Slice(ScalesAt, 12), group, scale + ScaleReach);
            var step = unit * scale;
            if (step == 0) continue;
            for (var i = group * Length; i < (group + 1) * Length; i++) codes[i] = (byte)(Rounding.Nearest(values[i] / step, -Reach, Reach - 1) + Reach);
        }

        for (var i = 0; i < 256; i++) block[i % 32] |= (byte)(codes[i] >> 2 << i / 32);
        TwoBitPlanes.Pack(codes, block[CodesAt..]);
    }

    // Nibbles of two groups per byte, then the upper two bits of four groups per byte.
    private static void Pack(Span<byte> packed, int group, int scale)
    {
        packed[group % 8] |= (byte)((scale & 15) << group / 8 * 4);
        packed[8 + group % 4] |= (byte)(scale >> 4 << group / 4 * 2);
    }
}
