using System.Buffers.Binary;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Formats.Codebooks;

namespace Hotplug.Reference.Formats;

/// <summary>
/// Scale, then eight times eight bytes for 32 elements: four entries of the grid, and a word of four times seven signs with a scale in the top four bits:
/// ±entry·(d·(½ + s)/4).
/// </summary>
internal sealed class IQ2_XXSFormat : GridFormat
{
    public override TensorType Type => TensorType.IQ2_XXS;

    public override void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = HalfScale.Read(block, 0);
        for (var j = 0; j < 8; j++)
        {
            var group = block[(2 + 8 * j)..];
            var word = BinaryPrimitives.ReadUInt32LittleEndian(group[4..]);
            var step = scale * (0.5f + (word >> 28)) * 0.25f;
            for (var i = 0; i < 32; i++)
            {
                var signs = Codebook.Signs((int)(word >> (7 * (i / 8)) & 127));
                values[32 * j + i] = step * Codebook.Iq2Xxs[8 * group[i / 8] + i % 8] * Sign(signs, i % 8);
            }
        }
    }

    public override void Randomize(Random random, BlockKind kind, Span<byte> block)
    {
        random.NextBytes(block);
        HalfScale.Write(block, 0, HalfScale.RandomSigned(random, kind, 1f / 64));
    }
}
