using System.Buffers.Binary;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Formats.Codebooks;

namespace Hotplug.Reference.Formats;

/// <summary>Scale, 32 words of an entry of the grid (nine bits) with seven signs, eight bytes of 4-bit scales of sixteen elements each: ±entry·(d·(½ + s)/4).</summary>
internal sealed class IQ2_XSFormat : GridFormat
{
    private const int Scales = 66;

    public override TensorType Type => TensorType.IQ2_XS;

    public override void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = HalfScale.Read(block, 0);
        for (var n = 0; n < 256; n++)
        {
            var word = BinaryPrimitives.ReadUInt16LittleEndian(block[(2 + n / 8 * 2)..]);
            var step = scale * (0.5f + (block[Scales + n / 32] >> (n % 32 / 16 * 4) & 15)) * 0.25f;
            values[n] = step * Codebook.Iq2Xs[8 * (word & 511) + n % 8] * Sign(Codebook.Signs(word >> 9), n % 8);
        }
    }

    public override void Randomize(Random random, BlockKind kind, Span<byte> block)
    {
        random.NextBytes(block);
        HalfScale.Write(block, 0, HalfScale.RandomSigned(random, kind, 1f / 64));
    }
}
