using System.Buffers.Binary;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Formats.Codebooks;

namespace Hotplug.Reference.Formats;

/// <summary>
/// Scale, 32 bytes of low bits of entries of the grid, eight words: the top three bits of four entries, a 3-bit scale, and the sign of an eighth that is added to
/// every element: (entry ± ⅛)·(d·(2s + 1)).
/// </summary>
internal sealed class IQ1_SFormat : GridFormat
{
    public const float Shift = 0.125f;
    private const int Low = 2, Words = 34;

    public override TensorType Type => TensorType.IQ1_S;

    public override void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = HalfScale.Read(block, 0);
        for (var n = 0; n < 256; n++)
        {
            var word = BinaryPrimitives.ReadUInt16LittleEndian(block[(Words + n / 32 * 2)..]);
            var step = scale * (2 * (word >> 12 & 7) + 1);
            var entry = block[Low + n / 8] | (word >> (n % 32 / 8 * 3) & 7) << 8;
            values[n] = step * (Codebook.Iq1[8 * entry + n % 8] + ((word & 0x8000) != 0 ? -Shift : Shift));
        }
    }

    public override void Magnitudes(ReadOnlySpan<byte> block, Span<float> magnitudes)
    {
        var scale = MathF.Abs(HalfScale.Read(block, 0));
        for (var n = 0; n < 256; n++) magnitudes[n] = scale * (2 * (BinaryPrimitives.ReadUInt16LittleEndian(block[(Words + n / 32 * 2)..]) >> 12 & 7) + 1) * (1 + Shift);
    }

    public override void Randomize(Random random, BlockKind kind, Span<byte> block)
    {
        random.NextBytes(block);
        HalfScale.Write(block, 0, HalfScale.RandomSigned(random, kind, 1f / 8));
    }
}
