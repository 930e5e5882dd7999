using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Formats.Codebooks;

namespace Hotplug.Reference.Formats;

/// <summary>Scale, sixteen bytes of nibbles, the low ones first, that number levels: level·d.</summary>
internal sealed class IQ4_NLFormat : BlockFormat
{
    public override TensorType Type => TensorType.IQ4_NL;

    public override void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = HalfScale.Read(block, 0);
        for (var i = 0; i < 16; i++)
        {
            values[i] = scale * Codebook.FourBitLevels[block[2 + i] & 15];
            values[i + 16] = scale * Codebook.FourBitLevels[block[2 + i] >> 4];
        }
    }

    public override void Encode(ReadOnlySpan<float> values, Span<byte> block)
    {
        HalfScale.Write(block, 0, Codes.Largest(values) / -127);
        var scale = HalfScale.Read(block, 0);
        for (var i = 0; i < 16; i++)
            block[2 + i] = (byte)(Codes.NearestLevel(values[i], scale, Codebook.FourBitLevels) | (Codes.NearestLevel(values[i + 16], scale, Codebook.FourBitLevels) << 4));
    }

    public override void Randomize(Random random, BlockKind kind, Span<byte> block)
    {
        random.NextBytes(block);
        HalfScale.Write(block, 0, HalfScale.RandomSigned(random, kind, 1f / 64));
    }
}
