using System.Buffers.Binary;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Formats.Codebooks;

namespace Hotplug.Reference.Formats;

/// <summary>
/// Scale, two bytes and four bytes with the top two and the low four bits of eight scales, less 32, and eight times sixteen bytes of nibbles as in
/// <see cref="IQ4_NLFormat"/>: level·(d·s).
/// </summary>
internal sealed class IQ4_XSFormat : BlockFormat
{
    private const int High = 2, Low = 4, Nibbles = 8;

    public override TensorType Type => TensorType.IQ4_XS;

    public override void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = HalfScale.Read(block, 0);
        for (var n = 0; n < 256; n++) values[n] = scale * Group(block, n / 32) * Codebook.FourBitLevels[Code(block, n)];
    }

    public override void Encode(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<float> steps = stackalloc float[8];
        for (var j = 0; j < 8; j++) steps[j] = Codes.Largest(values.Slice(j * 32, 32)) / -127;
        HalfScale.Write(block, 0, MathF.Abs(Codes.Largest(steps)) / 31);
        var scale = HalfScale.Read(block, 0);
        block[2..].Clear();
        for (var j = 0; j < 8; j++)
        {
            var code = Codes.Nearest(steps[j], scale, -32, 31) + 32;
            block[Low + j / 2] |= (byte)((code & 15) << (j % 2 * 4));
            block[High + j / 4] |= (byte)((code >> 4) << (j % 4 * 2));
        }
        for (var n = 0; n < 256; n++)
            block[Nibbles + n / 32 * 16 + n % 16] |= (byte)(Codes.NearestLevel(values[n], scale * Group(block, n / 32), Codebook.FourBitLevels) << (n % 32 / 16 * 4));
    }

    public override void Randomize(Random random, BlockKind kind, Span<byte> block)
    {
        random.NextBytes(block);
        HalfScale.Write(block, 0, HalfScale.RandomSigned(random, kind, 1f / 1024));
    }

    private static int Group(ReadOnlySpan<byte> block, int j)
        => (((block[Low + j / 2] >> (j % 2 * 4)) & 15) | (((BinaryPrimitives.ReadUInt16LittleEndian(block[High..]) >> (2 * j)) & 3) << 4)) - 32;

    private static int Code(ReadOnlySpan<byte> block, int n) => (block[Nibbles + n / 32 * 16 + n % 16] >> (n % 32 / 16 * 4)) & 15;
}
