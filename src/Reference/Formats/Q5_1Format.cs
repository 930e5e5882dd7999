using Hotplug.Abstractions.Tensors;

namespace Hotplug.Reference.Formats;

/// <summary>Scale, minimum, 32 fifth bits, sixteen bytes of nibbles, the low ones first: q·d + m.</summary>
internal sealed class Q5_1Format : BlockFormat
{
    public override TensorType Type => TensorType.Q5_1;

    public override void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var (scale, minimum) = (HalfScale.Read(block, 0), HalfScale.Read(block, 2));
        for (var i = 0; i < 32; i++) values[i] = Q5_0Format.Code(block, 4, 8, i) * scale + minimum;
    }

    public override void Magnitudes(ReadOnlySpan<byte> block, Span<float> magnitudes)
    {
        var (scale, minimum) = (MathF.Abs(HalfScale.Read(block, 0)), MathF.Abs(HalfScale.Read(block, 2)));
        for (var i = 0; i < 32; i++) magnitudes[i] = Q5_0Format.Code(block, 4, 8, i) * scale + minimum;
    }

    public override void Encode(ReadOnlySpan<float> values, Span<byte> block)
    {
        var (lowest, highest) = Codes.Range(values);
        HalfScale.Write(block, 0, (highest - lowest) / 31);
        HalfScale.Write(block, 2, lowest);
        var (scale, minimum) = (HalfScale.Read(block, 0), HalfScale.Read(block, 2));
        block[4..].Clear();
        for (var i = 0; i < 32; i++) Q5_0Format.Store(block, 4, 8, i, Codes.Nearest(values[i] - minimum, scale, 0, 31));
    }

    public override void Randomize(Random random, BlockKind kind, Span<byte> block)
    {
        random.NextBytes(block);
        HalfScale.Write(block, 0, HalfScale.RandomSigned(random, kind, 1f / 16));
        HalfScale.Write(block, 2, HalfScale.RandomSigned(random, kind, 1f));
    }
}
