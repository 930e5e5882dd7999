using Hotplug.Abstractions.Tensors;

namespace Hotplug.Reference.Formats;

/// <summary>
/// Sixteen groups of 16, each with a 4-bit scale (low nibble) and minimum (high nibble); 64 bytes of 2-bit codes; two scales: q·(d·s) − dmin·m. The codes of
/// 128 elements share 32 bytes, quarter by quarter.
/// </summary>
internal sealed class Q2_KFormat : BlockFormat
{
    private const int Bits = 16, Scale = 80, Minimum = 82;

    public override TensorType Type => TensorType.Q2_K;

    public override void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var (scale, minimum) = (HalfScale.Read(block, Scale), HalfScale.Read(block, Minimum));
        for (var n = 0; n < 256; n++)
        {
            var group = block[n / 16];
            values[n] = scale * (group & 15) * Code(block, n) - minimum * (group >> 4);
        }
    }

    public override void Magnitudes(ReadOnlySpan<byte> block, Span<float> magnitudes)
    {
        var (scale, minimum) = (MathF.Abs(HalfScale.Read(block, Scale)), MathF.Abs(HalfScale.Read(block, Minimum)));
        for (var n = 0; n < 256; n++) magnitudes[n] = scale * (block[n / 16] & 15) * Code(block, n) + minimum * (block[n / 16] >> 4);
    }

    public override void Encode(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<float> steps = stackalloc float[16];
        Span<float> lows = stackalloc float[16];
        for (var j = 0; j < 16; j++)
        {
            var (low, high) = Codes.Range(values.Slice(j * 16, 16));
            lows[j] = MathF.Max(-low, 0);
            steps[j] = (MathF.Max(high, 0) + lows[j]) / 3;
        }
        HalfScale.Write(block, Scale, Codes.Range(steps).Highest / 15);
        HalfScale.Write(block, Minimum, Codes.Range(lows).Highest / 15);
        var (scale, minimum) = (HalfScale.Read(block, Scale), HalfScale.Read(block, Minimum));
        block[..Scale].Clear();
        for (var j = 0; j < 16; j++) block[j] = (byte)(Codes.Nearest(steps[j], scale, 0, 15) | (Codes.Nearest(lows[j], minimum, 0, 15) << 4));
        for (var n = 0; n < 256; n++)
        {
            var code = Codes.Nearest(values[n] + minimum * (block[n / 16] >> 4), scale * (block[n / 16] & 15), 0, 3);
            block[Bits + n / 128 * 32 + n % 32] |= (byte)(code << (n % 128 / 32 * 2));
        }
    }

    public override void Randomize(Random random, BlockKind kind, Span<byte> block)
    {
        random.NextBytes(block);
        HalfScale.Write(block, Scale, HalfScale.RandomSigned(random, kind, 1f / 32));
        HalfScale.Write(block, Minimum, HalfScale.RandomSigned(random, kind, 1f / 16));
    }

    private static int Code(ReadOnlySpan<byte> block, int n) => (block[Bits + n / 128 * 32 + n % 32] >> (n % 128 / 32 * 2)) & 3;
}
