using System.Buffers.Binary;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Formats.Codebooks;

namespace Hotplug.Reference.Formats;

/// <summary>Scale, 64 entries of the grid, eight words of four times seven signs with a scale of 32 elements in the top four bits: ±entry·(d·(½ + s)/2).</summary>
internal sealed class IQ3_XXSFormat : GridFormat
{
    private const int Entries = 2, Words = 66;

    public override TensorType Type => TensorType.IQ3_XXS;

    public override void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = HalfScale.Read(block, 0);
        for (var n = 0; n < 256; n++)
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(block[(Words + n / 32 * 4)..]);
            var step = scale * (0.5f + (word >> 28)) * 0.5f;
            var signs = Codebook.Signs((int)(word >> (7 * (n % 32 / 8)) & 127));
            values[n] = step * Codebook.Iq3Xxs[4 * block[Entries + n / 4] + n % 4] * Sign(signs, n % 8);
        }
    }

    public override void Randomize(Random random, BlockKind kind, Span<byte> block)
    {
        random.NextBytes(block);
        HalfScale.Write(block, 0, HalfScale.RandomSigned(random, kind, 1f / 128));
    }
}
