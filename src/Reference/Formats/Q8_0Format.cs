using Hotplug.Abstractions.Tensors;

namespace Hotplug.Reference.Formats;

/// <summary>Scale, 32 signed bytes: q·d.</summary>
internal sealed class Q8_0Format : BlockFormat
{
    public override TensorType Type => TensorType.Q8_0;

    public override void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = HalfScale.Read(block, 0);
        for (var i = 0; i < 32; i++) values[i] = (sbyte)block[2 + i] * scale;
    }

    public override void Encode(ReadOnlySpan<float> values, Span<byte> block)
    {
        var largest = 0f;
        foreach (var value in values) largest = MathF.Max(largest, MathF.Abs(value));
        HalfScale.Write(block, 0, largest / 127);
        var scale = HalfScale.Read(block, 0);
        for (var i = 0; i < 32; i++) block[2 + i] = (byte)(sbyte)Codes.Nearest(values[i], scale, -127, 127);
    }

    public override void Randomize(Random random, BlockKind kind, Span<byte> block)
    {
        random.NextBytes(block);
        HalfScale.Write(block, 0, HalfScale.RandomSigned(random, kind, 1f / 127));
    }
}
