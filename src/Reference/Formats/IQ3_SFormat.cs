using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Formats.Codebooks;

namespace Hotplug.Reference.Formats;

/// <summary>
/// Scale, 64 bytes of low bits of entries of the grid, eight bytes with the top bits of eight entries each, 32 bytes of signs, four bytes of 4-bit scales of 32 elements
/// each: ±entry·(d·(1 + 2s)).
/// </summary>
internal sealed class IQ3_SFormat : GridFormat
{
    private const int Low = 2, High = 66, Signs = 74, Scales = 106;

    public override TensorType Type => TensorType.IQ3_S;

    public override void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = HalfScale.Read(block, 0);
        for (var n = 0; n < 256; n++)
        {
            var entry = block[Low + n / 4] | (block[High + n / 32] >> (n % 32 / 4) & 1) << 8;
            var step = scale * (1 + 2 * (block[Scales + n / 64] >> (n % 64 / 32 * 4) & 15));
            values[n] = step * Codebook.Iq3S[4 * entry + n % 4] * Sign(block[Signs + n / 8], n % 8);
        }
    }

    public override void Randomize(Random random, BlockKind kind, Span<byte> block)
    {
        random.NextBytes(block);
        HalfScale.Write(block, 0, HalfScale.RandomSigned(random, kind, 1f / 128));
    }
}
