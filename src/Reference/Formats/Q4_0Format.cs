using Hotplug.Abstractions.Tensors;

namespace Hotplug.Reference.Formats;

/// <summary>Scale, sixteen bytes of nibbles, the low ones first: (q − 8)·d.</summary>
internal sealed class Q4_0Format : BlockFormat
{
    public override TensorType Type => TensorType.Q4_0;

    public override void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = HalfScale.Read(block, 0);
        for (var i = 0; i < 16; i++)
        {
            values[i] = ((block[2 + i] & 15) - 8) * scale;
            values[i + 16] = ((block[2 + i] >> 4) - 8) * scale;
        }
    }

    public override void Magnitudes(ReadOnlySpan<byte> block, Span<float> magnitudes)
    {
        var scale = MathF.Abs(HalfScale.Read(block, 0));
        for (var i = 0; i < 16; i++)
        {
            magnitudes[i] = ((block[2 + i] & 15) + 8) * scale;
            magnitudes[i + 16] = ((block[2 + i] >> 4) + 8) * scale;
        }
    }

    public override void Encode(ReadOnlySpan<float> values, Span<byte> block)
    {
        // The element of greatest size gets code 0, which reaches one step farther than 15.
        HalfScale.Write(block, 0, Codes.Largest(values) / -8);
        var scale = HalfScale.Read(block, 0);
        for (var i = 0; i < 16; i++)
            block[2 + i] = (byte)((Codes.Nearest(values[i], scale, -8, 7) + 8) | ((Codes.Nearest(values[i + 16], scale, -8, 7) + 8) << 4));
    }

    public override void Randomize(Random random, BlockKind kind, Span<byte> block)
    {
        random.NextBytes(block);
        HalfScale.Write(block, 0, HalfScale.RandomSigned(random, kind, 1f / 8));
    }
}
