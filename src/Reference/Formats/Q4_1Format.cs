using Hotplug.Abstractions.Tensors;

namespace Hotplug.Reference.Formats;

/// <summary>Scale, minimum, sixteen bytes of nibbles, the low ones first: q·d + m.</summary>
internal sealed class Q4_1Format : BlockFormat
{
    public override TensorType Type => TensorType.Q4_1;

    public override void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var (scale, minimum) = (HalfScale.Read(block, 0), HalfScale.Read(block, 2));
        for (var i = 0; i < 16; i++)
        {
            values[i] = (block[4 + i] & 15) * scale + minimum;
            values[i + 16] = (block[4 + i] >> 4) * scale + minimum;
        }
    }

    public override void Magnitudes(ReadOnlySpan<byte> block, Span<float> magnitudes)
    {
        var (scale, minimum) = (MathF.Abs(HalfScale.Read(block, 0)), MathF.Abs(HalfScale.Read(block, 2)));
        for (var i = 0; i < 16; i++)
        {
            magnitudes[i] = (block[4 + i] & 15) * scale + minimum;
            magnitudes[i + 16] = (block[4 + i] >> 4) * scale + minimum;
        }
    }

    public override void Encode(ReadOnlySpan<float> values, Span<byte> block)
    {
        var (lowest, highest) = Codes.Range(values);
        HalfScale.Write(block, 0, (highest - lowest) / 15);
        HalfScale.Write(block, 2, lowest);
        var (scale, minimum) = (HalfScale.Read(block, 0), HalfScale.Read(block, 2));
        for (var i = 0; i < 16; i++)
            block[4 + i] = (byte)(Codes.Nearest(values[i] - minimum, scale, 0, 15) | (Codes.Nearest(values[i + 16] - minimum, scale, 0, 15) << 4));
    }

    public override void Randomize(Random random, BlockKind kind, Span<byte> block)
    {
        random.NextBytes(block);
        HalfScale.Write(block, 0, HalfScale.RandomSigned(random, kind, 1f / 8));
        HalfScale.Write(block, 2, HalfScale.RandomSigned(random, kind, 1f));
    }
}
