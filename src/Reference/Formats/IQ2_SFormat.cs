using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Formats.Codebooks;

namespace Hotplug.Reference.Formats;

/// <summary>
/// Scale, 32 bytes of low bits of entries of the grid, 32 bytes of signs, eight bytes with the top two bits of four entries each, eight bytes of 4-bit scales of sixteen
/// elements each: ±entry·(d·(½ + s)/4).
/// </summary>
internal sealed class IQ2_SFormat : GridFormat
{
    private const int Low = 2, Signs = 34, High = 66, Scales = 74;

    public override TensorType Type => TensorType.IQ2_S;

    public override void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = HalfScale.Read(block, 0);
        for (var n = 0; n < 256; n++)
        {
            var entry = block[Low + n / 8] | (block[High + n / 32] >> (n % 32 / 8 * 2) & 3) << 8;
            var step = scale * (0.5f + (block[Scales + n / 32] >> (n % 32 / 16 * 4) & 15)) * 0.25f;
            values[n] = step * Codebook.Iq2S[8 * entry + n % 8] * Sign(block[Signs + n / 8], n % 8);
        }
    }

    public override void Randomize(Random random, BlockKind kind, Span<byte> block)
    {
        random.NextBytes(block);
        HalfScale.Write(block, 0, HalfScale.RandomSigned(random, kind, 1f / 64));
    }
}
