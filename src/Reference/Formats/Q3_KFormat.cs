using Hotplug.Abstractions.Tensors;

namespace Hotplug.Reference.Formats;

/// <summary>
/// 32 bytes of third bits, 64 bytes of 2-bit codes as in <see cref="Q2_KFormat"/>, twelve bytes of 6-bit scales of sixteen groups, less 32, one scale:
/// (q − 4)·(d·s). Bytes 0–7 of the scales hold the low nibbles of scales 0–7 and 8–15, bytes 8–11 the top two bits of scales j, j + 4, j + 8, j + 12.
/// </summary>
internal sealed class Q3_KFormat : BlockFormat
{
    private const int Bits = 32, Scales = 96, Scale = 108;

    public override TensorType Type => TensorType.Q3_K;

    public override void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = HalfScale.Read(block, Scale);
        for (var n = 0; n < 256; n++) values[n] = scale * Group(block, n / 16) * (Code(block, n) - 4);
    }

    public override void Magnitudes(ReadOnlySpan<byte> block, Span<float> magnitudes)
    {
        var scale = HalfScale.Read(block, Scale);
        for (var n = 0; n < 256; n++) magnitudes[n] = MathF.Abs(scale * Group(block, n / 16)) * (Code(block, n) + 4);
    }

    public override void Encode(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<float> steps = stackalloc float[16];
        for (var j = 0; j < 16; j++) steps[j] = Codes.Largest(values.Slice(j * 16, 16)) / -4;
        HalfScale.Write(block, Scale, MathF.Abs(Codes.Largest(steps)) / 31);
        var scale = HalfScale.Read(block, Scale);
        block[..Scale].Clear();
        for (var j = 0; j < 16; j++)
        {
            var code = Codes.Nearest(steps[j], scale, -32, 31) + 32;
            block[Scales + j % 8] |= (byte)((code & 15) << (j / 8 * 4));
            block[Scales + 8 + j % 4] |= (byte)((code >> 4) << (j / 4 * 2));
        }
        for (var n = 0; n < 256; n++)
        {
            var code = Codes.Nearest(values[n], scale * Group(block, n / 16), -4, 3) + 4;
            block[Bits + n / 128 * 32 + n % 32] |= (byte)((code & 3) << (n % 128 / 32 * 2));
            block[n % 32] |= (byte)((code >> 2) << (n / 32));
        }
    }

    public override void Randomize(Random random, BlockKind kind, Span<byte> block)
    {
        random.NextBytes(block);
        HalfScale.Write(block, Scale, HalfScale.RandomSigned(random, kind, 1f / 64));
    }

    private static int Group(ReadOnlySpan<byte> block, int j)
        => (((block[Scales + j % 8] >> (j / 8 * 4)) & 15) | (((block[Scales + 8 + j % 4] >> (j / 4 * 2)) & 3) << 4)) - 32;

    private static int Code(ReadOnlySpan<byte> block, int n)
        => ((block[Bits + n / 128 * 32 + n % 32] >> (n % 128 / 32 * 2)) & 3) | (((block[n % 32] >> (n / 32)) & 1) << 2);
}
