using Hotplug.Abstractions.Tensors;

namespace Hotplug.Reference.Formats;

/// <summary>
/// As Q4_K, with a fifth bit per element: bit j of byte i of the 32 high-bit bytes belongs to element i of group j.
/// </summary>
internal sealed class Q5_KFormat : BlockFormat
{
    public override TensorType Type => TensorType.Q5_K;

    public override void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var (scale, minimum) = (HalfScale.Read(block, 0), HalfScale.Read(block, 2));
        for (var j = 0; j < 8; j++)
        {
            var (s, m) = SixBitScales.Read(block[4..16], j);
            var (step, low) = (scale * s, minimum * m);
            for (var i = 0; i < 32; i++) values[j * 32 + i] = step * Code(block, j, i) - low;
        }
    }

    public override void Magnitudes(ReadOnlySpan<byte> block, Span<float> magnitudes)
    {
        var (scale, minimum) = (MathF.Abs(HalfScale.Read(block, 0)), MathF.Abs(HalfScale.Read(block, 2)));
        for (var j = 0; j < 8; j++)
        {
            var (s, m) = SixBitScales.Read(block[4..16], j);
            for (var i = 0; i < 32; i++) magnitudes[j * 32 + i] = scale * s * Code(block, j, i) + minimum * m;
        }
    }

    public override void Encode(ReadOnlySpan<float> values, Span<byte> block)
    {
        SixBitScales.Encode(values, 31, block);
        block[16..].Clear();
        for (var n = 0; n < 256; n++)
        {
            var (j, i) = (n / 32, n % 32);
            var code = SixBitScales.Code(block, j, values[n], 31);
            block[48 + j / 2 * 32 + i] |= (byte)((code & 15) << (j % 2 * 4));
            block[16 + i] |= (byte)((code >> 4) << j);
        }
    }

    public override void Randomize(Random random, BlockKind kind, Span<byte> block)
    {
        random.NextBytes(block);
        HalfScale.Write(block, 0, HalfScale.RandomSigned(random, kind, 1f / 1024));
        HalfScale.Write(block, 2, HalfScale.RandomSigned(random, kind, 1f / 64));
    }

    private static int Code(ReadOnlySpan<byte> block, int j, int i)
        => ((block[48 + j / 2 * 32 + i] >> (j % 2 * 4)) & 15) | (((block[16 + i] >> j) & 1) << 4);
}
