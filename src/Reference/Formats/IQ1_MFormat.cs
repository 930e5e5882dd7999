using System.Buffers.Binary;
using Hotplug.Abstractions.Tensors;
using Hotplug.Accelerators.Formats.Codebooks;

namespace Hotplug.Reference.Formats;

/// <summary>
/// 32 bytes of low bits of entries of the grid, sixteen bytes of two nibbles with the top three bits of an entry and the sign of its shift, four words of four 3-bit
/// scales of sixteen elements each, in whose top nibbles the halves of the scale lie: (entry ± ⅛)·(d·(2s + 1)).
/// </summary>
internal sealed class IQ1_MFormat : GridFormat
{
    private const int High = 32, Words = 48;

    public override TensorType Type => TensorType.IQ1_M;

    public override void Decode(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = Scale(block);
        for (var n = 0; n < 256; n++)
        {
            var nibble = block[High + n / 16] >> (n % 16 / 8 * 4) & 15;
            var entry = block[n / 8] | (nibble & 7) << 8;
            values[n] = scale * Step(block, n) * (Codebook.Iq1[8 * entry + n % 8] + ((nibble & 8) != 0 ? -IQ1_SFormat.Shift : IQ1_SFormat.Shift));
        }
    }

    public override void Magnitudes(ReadOnlySpan<byte> block, Span<float> magnitudes)
    {
        var scale = MathF.Abs(Scale(block));
        for (var n = 0; n < 256; n++) magnitudes[n] = scale * Step(block, n) * (1 + IQ1_SFormat.Shift);
    }

    public override void Randomize(Random random, BlockKind kind, Span<byte> block)
    {
        random.NextBytes(block);
        var bits = BitConverter.HalfToUInt16Bits((Half)HalfScale.RandomSigned(random, kind, 1f / 8));
        for (var i = 0; i < 4; i++)
        {
            ref var top = ref block[Words + 2 * i + 1];
            top = (byte)(top & 15 | (bits >> (4 * i) & 15) << 4);
        }
    }

    private static float Scale(ReadOnlySpan<byte> block)
    {
        var bits = 0;
        for (var i = 0; i < 4; i++) bits |= block[Words + 2 * i + 1] >> 4 << (4 * i);
        return (float)BitConverter.UInt16BitsToHalf((ushort)bits);
    }

    private static int Step(ReadOnlySpan<byte> block, int n)
        => 2 * (BinaryPrimitives.ReadUInt16LittleEndian(block[(Words + n / 64 * 2)..]) >> (n % 64 / 16 * 3) & 7) + 1;
}
