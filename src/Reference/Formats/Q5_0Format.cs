using System.Buffers.Binary;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Reference.Formats;

/// <summary>Scale, 32 fifth bits, sixteen bytes of nibbles, the low ones first: (q − 16)·d.</summary>
internal sealed class Q5_0Format : BlockFormat
{
    public override TensorType Type => TensorType.Q5_0;

    public override void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = HalfScale.Read(block, 0);
        for (var i = 0; i < 32; i++) values[i] = (Code(block, 2, 6, i) - 16) * scale;
    }

    public override void Magnitudes(ReadOnlySpan<byte> block, Span<float> magnitudes)
    {
        var scale = MathF.Abs(HalfScale.Read(block, 0));
        for (var i = 0; i < 32; i++) magnitudes[i] = (Code(block, 2, 6, i) + 16) * scale;
    }

    public override void Encode(ReadOnlySpan<float> values, Span<byte> block)
    {
        // The element of greatest size gets code 0, which reaches one step farther than 31.
        HalfScale.Write(block, 0, Codes.Largest(values) / -16);
        var scale = HalfScale.Read(block, 0);
        block[2..].Clear();
        for (var i = 0; i < 32; i++) Store(block, 2, 6, i, Codes.Nearest(values[i], scale, -16, 15) + 16);
    }

    public override void Randomize(Random random, BlockKind kind, Span<byte> block)
    {
        random.NextBytes(block);
        HalfScale.Write(block, 0, HalfScale.RandomSigned(random, kind, 1f / 16));
    }

    /// <summary>The five bits of element <paramref name="i"/>.</summary>
    internal static int Code(ReadOnlySpan<byte> block, int highBits, int nibbles, int i)
    {
        var high = (BinaryPrimitives.ReadUInt32LittleEndian(block[highBits..]) >> i) & 1;
        var low = i < 16 ? block[nibbles + i] & 15 : block[nibbles + i - 16] >> 4;
        return low | (int)(high << 4);
    }

    /// <summary>Sets the five bits of element <paramref name="i"/> in a block whose codes are still zero.</summary>
    internal static void Store(Span<byte> block, int highBits, int nibbles, int i, int code)
    {
        block[highBits + i / 8] |= (byte)((code >> 4) << (i % 8));
        block[nibbles + i % 16] |= (byte)(i < 16 ? code & 15 : (code & 15) << 4);
    }
}
