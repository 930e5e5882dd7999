using Hotplug.Abstractions.Tensors;

namespace Hotplug.Reference.Formats;

/// <summary>64 bytes of 2-bit codes, scale: (q − 1)·d. The codes of 128 elements share 32 bytes, quarter by quarter. Code 3 is not written by anybody, and means 2·d.</summary>
internal sealed class TQ2_0Format : BlockFormat
{
    private const int Scale = 64;

    public override TensorType Type => TensorType.TQ2_0;

    public override void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = HalfScale.Read(block, Scale);
        for (var n = 0; n < 256; n++) values[n] = (Code(block, n) - 1) * scale;
    }

    public override void Magnitudes(ReadOnlySpan<byte> block, Span<float> magnitudes)
    {
        var scale = MathF.Abs(HalfScale.Read(block, Scale));
        for (var n = 0; n < 256; n++) magnitudes[n] = (Code(block, n) + 1) * scale;
    }

    public override void Encode(ReadOnlySpan<float> values, Span<byte> block)
    {
        HalfScale.Write(block, Scale, MathF.Abs(Codes.Largest(values)));
        var scale = HalfScale.Read(block, Scale);
        block[..Scale].Clear();
        for (var n = 0; n < 256; n++) block[n / 128 * 32 + n % 32] |= (byte)((Codes.Nearest(values[n], scale, -1, 1) + 1) << (n % 128 / 32 * 2));
    }

    public override void Randomize(Random random, BlockKind kind, Span<byte> block)
    {
        random.NextBytes(block);
        HalfScale.Write(block, Scale, HalfScale.RandomSigned(random, kind, 1f));
    }

    private static int Code(ReadOnlySpan<byte> block, int n) => (block[n / 128 * 32 + n % 32] >> (n % 128 / 32 * 2)) & 3;
}
