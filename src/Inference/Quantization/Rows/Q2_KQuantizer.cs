using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Quantization.Rows;

/// <summary>Sixteen groups of 16, 2 bits, with a scale and a minimum of 4 bits each.</summary>
internal sealed class Q2_KQuantizer : BlockQuantizer
{
    private const int Groups = 16, Length = 16, ScaleAt = 80, MinimumAt = 82;
    private const float Highest = 15;
    private static readonly AffineGroup Search = new(Highest: 3, First: -0.5f, Tries: 15, Absolute: true);

    public override TensorType Type => TensorType.Q2_K;

    protected override void WriteBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<byte> codes = stackalloc byte[256];
        Span<float> weights = stackalloc float[Length], scales = stackalloc float[Groups], minima = stackalloc float[Groups];
        var (largestScale, largestMinimum) = (0f, 0f);
        for (var group = 0; group < Groups; group++)
        {
            var part = values.Slice(group * Length, Length);
            for (var i = 0; i < Length; i++) weights[i] = MathF.Abs(part[i]);
            (scales[group], minima[group]) = Search.Search(part, weights, codes.Slice(group * Length, Length));
            if (scales[group] > largestScale) largestScale = scales[group];
            if (minima[group] > largestMinimum) largestMinimum = minima[group];
        }

        BlockScale.Write(block, ScaleAt, largestScale > 0 ? largestScale / Highest : 0f);
        BlockScale.Write(block, MinimumAt, largestMinimum > 0 ? largestMinimum / Highest : 0f);
        var (scaleUnit, minimumUnit) = (BlockScale.Read(block, ScaleAt), BlockScale.Read(block, MinimumAt));
        for (var group = 0; group < Groups; group++)
        {
            var packed = (byte)(largestScale > 0 ? Rounding.Nearest(Highest / largestScale * scales[group]) : 0);
            if (largestMinimum > 0) packed |= (byte)(Rounding.Nearest(Highest / largestMinimum * minima[group]) << 4);
            block[group] = packed;
            var (step, low) = (scaleUnit * (packed & 15), minimumUnit * (packed >> 4));
            if (step == 0) continue;
            for (var i = group * Length; i < (group + 1) * Length; i++) codes[i] = (byte)Rounding.Nearest((values[i] + low) / step, 0, 3);
        }
        TwoBitPlanes.Pack(codes, block[16..]);
    }
}
