using Hotplug.Abstractions.Tensors;

namespace Hotplug.Reference.Formats;

/// <summary>
/// Low nibbles (128 bytes), high bit pairs (64 bytes), sixteen signed 8-bit scales of groups of 16, scale: (q − 32)·(d·s). Each half of 128
/// elements has its own 64 and 32 bytes: element i in quarter c of a half takes its low nibble from byte i + 32·(c mod 2), low nibbles for c &lt; 2,
/// and its two high bits from bits 2c of byte i.
/// </summary>
internal sealed class Q6_KFormat : BlockFormat
{
    private const int High = 128, Scales = 192, Factor = 208;

    public override TensorType Type => TensorType.Q6_K;

    public override void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = HalfScale.Read(block, Factor);
        for (var n = 0; n < 256; n++) values[n] = scale * (sbyte)block[Scales + n / 16] * (Code(block, n) - 32);
    }

    public override void Magnitudes(ReadOnlySpan<byte> block, Span<float> magnitudes)
    {
        var scale = HalfScale.Read(block, Factor);
        for (var n = 0; n < 256; n++) magnitudes[n] = MathF.Abs(scale * (sbyte)block[Scales + n / 16]) * (Code(block, n) + 32);
    }

    public override void Encode(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<float> steps = stackalloc float[16];
        for (var j = 0; j < 16; j++) steps[j] = Codes.Largest(values.Slice(j * 16, 16)) / -32;
        HalfScale.Write(block, Factor, MathF.Abs(Codes.Largest(steps)) / 127);
        var scale = HalfScale.Read(block, Factor);
        block[..Factor].Clear();
        for (var j = 0; j < 16; j++) block[Scales + j] = (byte)(sbyte)Codes.Nearest(steps[j], scale, -127, 127);
        for (var n = 0; n < 256; n++)
        {
            var code = Codes.Nearest(values[n], scale * (sbyte)block[Scales + n / 16], -32, 31) + 32;
            var (half, quarter, i) = (n / 128, n % 128 / 32, n % 32);
            block[half * 64 + quarter % 2 * 32 + i] |= (byte)((code & 15) << (quarter / 2 * 4));
            block[High + half * 32 + i] |= (byte)((code >> 4) << (quarter * 2));
        }
    }

    public override void Randomize(Random random, BlockKind kind, Span<byte> block)
    {
        random.NextBytes(block);
        HalfScale.Write(block, Factor, HalfScale.RandomSigned(random, kind, 1f / 2048));
    }

    private static int Code(ReadOnlySpan<byte> block, int n)
    {
        var (half, quarter, i) = (n / 128, n % 128 / 32, n % 32);
        var low = (block[half * 64 + quarter % 2 * 32 + i] >> (quarter / 2 * 4)) & 15;
        var high = (block[High + half * 32 + i] >> (quarter * 2)) & 3;
        return low | (high << 4);
    }
}
