using Hotplug.Abstractions.Tensors;

namespace Hotplug.Reference.Formats;

/// <summary>
/// 52 bytes of five or four digits to the base of 3 each, scale: (digit − 1)·d. A byte b is the fraction b/256; the digit n of it is the integer part of 3·frac(3ⁿ·b/256).
/// Bytes 0–31 hold elements 32·n + i, bytes 32–47 elements 160 + 16·n + i, and the last four, with four digits each, 240 + 4·n + i.
/// </summary>
internal sealed class TQ1_0Format : BlockFormat
{
    private const int Scale = 52;

    public override TensorType Type => TensorType.TQ1_0;

    public override void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = HalfScale.Read(block, Scale);
        for (var n = 0; n < 256; n++)
        {
            var (index, digit) = Place(n);
            values[n] = (Digit(block[index], digit) - 1) * scale;
        }
    }

    public override void Magnitudes(ReadOnlySpan<byte> block, Span<float> magnitudes)
    {
        var scale = MathF.Abs(HalfScale.Read(block, Scale));
        for (var n = 0; n < 256; n++)
        {
            var (index, digit) = Place(n);
            magnitudes[n] = (Digit(block[index], digit) + 1) * scale;
        }
    }

    public override void Encode(ReadOnlySpan<float> values, Span<byte> block)
    {
        HalfScale.Write(block, Scale, MathF.Abs(Codes.Largest(values)));
        var scale = HalfScale.Read(block, Scale);
        Span<int> numbers = stackalloc int[Scale];
        numbers.Clear();
        for (var n = 0; n < 256; n++)
        {
            var (index, digit) = Place(n);
            var weight = 81;
            for (var i = 0; i < digit; i++) weight /= 3;
            numbers[index] += weight * (Codes.Nearest(values[n], scale, -1, 1) + 1);
        }
        // Rounded up, so that the digits come out as they went in.
        for (var i = 0; i < Scale; i++) block[i] = (byte)((numbers[i] * 256 + 242) / 243);
    }

    public override void Randomize(Random random, BlockKind kind, Span<byte> block)
    {
        random.NextBytes(block);
        HalfScale.Write(block, Scale, HalfScale.RandomSigned(random, kind, 1f));
    }

    private static (int Index, int Digit) Place(int n)
        => n < 160 ? (n % 32, n / 32) : n < 240 ? (32 + n % 16, (n - 160) / 16) : (48 + n % 4, (n - 240) / 4);

    private static int Digit(byte number, int digit)
    {
        for (; digit > 0; digit--) number = unchecked((byte)(number * 3));
        return number * 3 >> 8;
    }
}
